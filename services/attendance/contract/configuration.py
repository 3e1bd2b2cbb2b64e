"""Setting attendance up (rows A1 to A4): centers, workflows, cycles, types, options.

`id` is a key that the company chooses: it never changes, and other records and documents name it.
"""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.attendance.domain import CRITICAL, MAX_ATTACHMENT, PRIORITIES, QUESTION_KINDS, TYPE_KINDS
from services.chassis.schemas import Result, Strict, text

KEY = validate.Regexp(r"^[a-z0-9][a-z0-9_-]{0,59}\Z", error="Use letras minúsculas, algarismos, hífen e sublinhado.")
MAX_ITEMS = 200


def key(required: bool = True, **options: Any) -> fields.String:
    """A stable identifier chosen by the company."""
    if not required:
        options = {"load_default": None, "allow_none": True, **options}
    return fields.String(required=required, validate=KEY, **options)


class Keyed(Strict):
    """Names one record, to read or delete it."""

    id = fields.String(required=True, validate=validate.Length(max=64))


class Everything(Strict):
    """Input of a list that is short by nature."""


class Changing(Strict):
    """`version`, where given, is the one that the changer saw: an older one is refused."""

    version = fields.Integer(load_default=None, allow_none=True)


class CenterFields(Strict):
    """Row A1."""

    name = text(100)
    ends_the_process = fields.Boolean(load_default=False)
    next_user_required = fields.Boolean(load_default=False)
    text_required = fields.Boolean(load_default=False)
    default_text = text(20_000, required=False, load_default="")


class CreateCenter(CenterFields):
    id = key()


class ChangeCenter(CenterFields, Changing):
    id = fields.String(required=True, validate=validate.Length(max=64))


class Center(Result):
    id = fields.String()
    name = fields.String()
    ends_the_process = fields.Boolean()
    next_user_required = fields.Boolean()
    text_required = fields.Boolean()
    default_text = fields.String()
    version = fields.Integer()


class WorkflowAnswer(Strict):
    """One answer of a decision; `to` is the id of the item that it leads to."""

    id = key()
    text = text(200)
    to = key()


class WorkflowItem(Strict):
    """A decision (question and answers) or a center; `next` of a center: by default the item that follows it."""

    id = key()
    kind = fields.String(required=True, validate=validate.OneOf(("decision", "center")))
    question = text(300, required=False, load_default="")
    answers = fields.List(fields.Nested(WorkflowAnswer), load_default=list, validate=validate.Length(max=50))
    center_id = key(required=False)
    next = fields.List(key(), load_default=list, validate=validate.Length(max=50))


class WorkflowFields(Strict):
    """Row A2; stored as a draft, whatever its graph is worth."""

    name = text(100)
    only_graph_centers = fields.Boolean(load_default=True)
    items = fields.List(fields.Nested(WorkflowItem), load_default=list, validate=validate.Length(max=MAX_ITEMS))


class CreateWorkflow(WorkflowFields):
    id = key()


class ChangeWorkflow(WorkflowFields, Changing):
    id = fields.String(required=True, validate=validate.Length(max=64))


class Workflow(Result):
    """The draft, and the number of the last published version (0: none)."""

    id = fields.String()
    name = fields.String()
    only_graph_centers = fields.Boolean()
    items = fields.List(fields.Nested(WorkflowItem))
    published = fields.Integer()
    version = fields.Integer()


class WorkflowProblem(Result):
    code = fields.String()
    item = fields.String()
    detail = fields.String()


class Stranded(Result):
    """Running attendances at a place that the draft has not; `more`: counting stopped."""

    item_id = fields.String(allow_none=True)
    center_id = fields.String(allow_none=True)
    count = fields.Integer()
    more = fields.Boolean()
    references = fields.List(fields.Integer())


class WorkflowCheck(Result):
    """A dry run of publishing: what refuses it, and who would be stranded. Nobody is moved: they keep their version."""

    publishable = fields.Boolean()
    problems = fields.List(fields.Nested(WorkflowProblem))
    stranded_count = fields.Integer()
    stranded = fields.List(fields.Nested(Stranded))


class Question(Strict):
    """`options` of kinds choice and multiple only."""

    id = key()
    kind = fields.String(load_default="text", validate=validate.OneOf(QUESTION_KINDS))
    options = fields.List(text(200), load_default=list, validate=validate.Length(max=100))
    required = fields.Boolean(load_default=False)
    order = fields.Integer(load_default=0, validate=validate.Range(min=0, max=10_000))
    help = text(1_000, required=False, load_default="")
    text = text(300)


class CenterQuestions(Strict):
    center_id = key()
    questions = fields.List(fields.Nested(Question), required=True, validate=validate.Length(max=100))


class CycleFields(Strict):
    """Row A3."""

    name = text(100)
    centers = fields.List(fields.Nested(CenterQuestions), required=True, validate=validate.Length(max=MAX_ITEMS))


class CreateCycle(CycleFields):
    id = key()


class ChangeCycle(CycleFields, Changing):
    id = fields.String(required=True, validate=validate.Length(max=64))


class Cycle(Result):
    id = fields.String()
    name = fields.String()
    centers = fields.List(fields.Nested(CenterQuestions))
    version = fields.Integer()


class StandardText(Strict):
    """A text with variables ({{pessoa}}, {{assunto}}...), for entries or for e-mails."""

    id = key()
    name = text(100)
    text = text(20_000)
    use = fields.String(load_default="entry", validate=validate.OneOf(("entry", "email")))


class TypeFields(Strict):
    """Row A4; what is null comes from the group above. `kind` never changes."""

    kind = fields.String(required=True, validate=validate.OneOf(TYPE_KINDS))
    name = text(100)
    parent_id = key(required=False)
    priority = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(PRIORITIES))
    days_to_next_contact = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=0, max=3_650))
    colour = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(r"^#[0-9a-fA-F]{6}\Z"))
    workflow_id = key(required=False)
    cycle_id = key(required=False)
    billing_workflow_id = key(required=False)
    attachments_allowed = fields.Boolean(load_default=False)
    attachment_limit = fields.Integer(
        load_default=MAX_ATTACHMENT, validate=validate.Range(min=1, max=MAX_ATTACHMENT)
    )  # fmt: skip
    standard_texts = fields.List(fields.Nested(StandardText), load_default=list, validate=validate.Length(max=100))
    critical = fields.String(load_default="none", validate=validate.OneOf(CRITICAL))
    active = fields.Boolean(load_default=True)


class CreateType(TypeFields):
    id = key()


class ChangeType(TypeFields, Changing):
    id = fields.String(required=True, validate=validate.Length(max=64))


class TypeSettings(Result):
    """What holds for a type, with what it inherits."""

    priority = fields.String(allow_none=True)
    days_to_next_contact = fields.Integer(allow_none=True)
    colour = fields.String(allow_none=True)
    workflow_id = fields.String(allow_none=True)
    cycle_id = fields.String(allow_none=True)


class Type(Result):
    """As it was written; `effective` is with what it inherits."""

    id = fields.String()
    kind = fields.String()
    name = fields.String()
    parent_id = fields.String(allow_none=True)
    priority = fields.String(allow_none=True)
    days_to_next_contact = fields.Integer(allow_none=True)
    colour = fields.String(allow_none=True)
    workflow_id = fields.String(allow_none=True)
    cycle_id = fields.String(allow_none=True)
    billing_workflow_id = fields.String(allow_none=True)
    attachments_allowed = fields.Boolean()
    attachment_limit = fields.Integer()
    standard_texts = fields.List(fields.Nested(StandardText))
    critical = fields.String()
    active = fields.Boolean()
    version = fields.Integer()
    effective = fields.Nested(TypeSettings)


class OptionsFields(Strict):
    """Types of attendances opened without one, and of opportunities' conversations; the cycle in opportunities."""

    default_type_id = key(required=False)
    opportunity_type_id = key(required=False)
    cycle_in_opportunities = fields.Boolean(load_default=False)


class ChangeOptions(OptionsFields, Changing):
    pass


class Options(Result):
    default_type_id = fields.String(allow_none=True)
    opportunity_type_id = fields.String(allow_none=True)
    cycle_in_opportunities = fields.Boolean()
    version = fields.Integer()


def list_of(item: type[Result], name: str) -> type[Result]:
    """The schema of a whole, short list."""
    return type(name, (Result,), {"items": fields.List(fields.Nested(item))})


CenterList = list_of(Center, "CenterList")
WorkflowList = list_of(Workflow, "WorkflowList")
CycleList = list_of(Cycle, "CycleList")
TypeList = list_of(Type, "TypeList")


class Deleted(Result):
    id = fields.String()
    deleted = fields.Boolean()
