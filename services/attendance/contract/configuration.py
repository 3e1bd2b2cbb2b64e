"""Setting attendance up (rows A1 to A4): centers, workflows, cycles, types, options.

`id` is a key that the company chooses: it never changes, and other records and documents name it.
"""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.attendance.domain import CRITICAL, MAX_ATTACHMENT, PRIORITIES, QUESTION_KINDS, TYPE_KINDS
from services.chassis.inputs import Choice, Code, Flag, Id, Line, Text, Version, Whole
from services.chassis.schemas import Result, Strict

KEY = r"[a-z0-9][a-z0-9_-]{0,59}"
MAX_ITEMS = 200


def key(required: bool = True, **options: Any) -> fields.String:
    """A stable identifier chosen by the company."""
    if not required:
        options = {"load_default": None, "allow_none": True, **options}
    return Code(KEY, "Use letras minúsculas, algarismos, hífen e sublinhado.", required=required, **options)


class Keyed(Strict):
    """Names one record, to read or delete it."""

    id = Id(required=True)


class Everything(Strict):
    """Input of a list that is short by nature."""


class Changing(Strict):
    """`version`, where given, is the one that the changer saw: an older one is refused."""

    version = Version()


class CenterFields(Strict):
    """Row A1."""

    name = Line(100, required=True)
    ends_the_process = Flag(load_default=False)
    next_user_required = Flag(load_default=False)
    text_required = Flag(load_default=False)
    default_text = Text(20_000, load_default="")


class CreateCenter(CenterFields):
    id = key()


class ChangeCenter(CenterFields, Changing):
    id = Id(required=True)


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
    text = Line(200, required=True)
    to = key()


class WorkflowItem(Strict):
    """A decision (question and answers) or a center; `next` of a center: by default the item that follows it."""

    id = key()
    kind = Choice(("decision", "center"), required=True)
    question = Line(300, load_default="")
    answers = fields.List(fields.Nested(WorkflowAnswer), load_default=list, validate=validate.Length(max=50))
    center_id = key(required=False)
    next = fields.List(key(), load_default=list, validate=validate.Length(max=50))


class WorkflowFields(Strict):
    """Row A2; stored as a draft, whatever its graph is worth."""

    name = Line(100, required=True)
    only_graph_centers = Flag(load_default=True)
    items = fields.List(fields.Nested(WorkflowItem), load_default=list, validate=validate.Length(max=MAX_ITEMS))


class CreateWorkflow(WorkflowFields):
    id = key()


class ChangeWorkflow(WorkflowFields, Changing):
    id = Id(required=True)


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
    kind = Choice(QUESTION_KINDS, load_default="text")
    options = fields.List(Line(200, required=True), load_default=list, validate=validate.Length(max=100))
    required = Flag(load_default=False)
    order = Whole(0, 10_000, load_default=0)
    help = Text(1_000, load_default="")
    text = Line(300, required=True)


class CenterQuestions(Strict):
    center_id = key()
    questions = fields.List(fields.Nested(Question), required=True, validate=validate.Length(max=100))


class CycleFields(Strict):
    """Row A3."""

    name = Line(100, required=True)
    centers = fields.List(fields.Nested(CenterQuestions), required=True, validate=validate.Length(max=MAX_ITEMS))


class CreateCycle(CycleFields):
    id = key()


class ChangeCycle(CycleFields, Changing):
    id = Id(required=True)


class Cycle(Result):
    id = fields.String()
    name = fields.String()
    centers = fields.List(fields.Nested(CenterQuestions))
    version = fields.Integer()


class StandardText(Strict):
    """A text with variables ({{pessoa}}, {{assunto}}...), for entries or for e-mails."""

    id = key()
    name = Line(100, required=True)
    text = Text(20_000, required=True)
    use = Choice(("entry", "email"), load_default="entry")


class TypeFields(Strict):
    """Row A4; what is null comes from the group above. `kind` never changes."""

    kind = Choice(TYPE_KINDS, required=True)
    name = Line(100, required=True)
    parent_id = key(required=False)
    priority = Choice(PRIORITIES, load_default=None, allow_none=True)
    days_to_next_contact = Whole(0, 3_650, load_default=None, allow_none=True)
    colour = Code(r"#[0-9a-fA-F]{6}", load_default=None, allow_none=True)
    workflow_id = key(required=False)
    cycle_id = key(required=False)
    billing_workflow_id = key(required=False)
    attachments_allowed = Flag(load_default=False)
    attachment_limit = Whole(1, MAX_ATTACHMENT, load_default=MAX_ATTACHMENT)  # fmt: skip
    standard_texts = fields.List(fields.Nested(StandardText), load_default=list, validate=validate.Length(max=100))
    critical = Choice(CRITICAL, load_default="none")
    active = Flag(load_default=True)


class CreateType(TypeFields):
    id = key()


class ChangeType(TypeFields, Changing):
    id = Id(required=True)


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
    cycle_in_opportunities = Flag(load_default=False)


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
