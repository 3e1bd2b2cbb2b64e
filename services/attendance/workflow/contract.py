"""Drawing, checking and publishing workflows (row A2)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.attendance.shared.contract import MAX_ITEMS, Changing, key, list_of
from services.chassis.inputs import Choice, Flag, Id, Line
from services.chassis.references import Reference
from services.chassis.schemas import SOMETIMES, Result, Strict


class WorkflowAnswerInput(Strict):
    """One answer of a decision; `to` is the id of the item that it leads to."""

    id = key()
    text = Line(200, required=True)
    to = key()


# A decision is answered without what a center has, and a center without what a decision has.
OF_ONE_KIND = {SOMETIMES: True}


class WorkflowItemInput(Strict):
    """A decision (question, answers) or a center; a center's `next` defaults to the item after it."""

    id = key()
    kind = Choice(("decision", "center"), required=True)
    question = Line(300, load_default="", metadata=OF_ONE_KIND)
    answers = fields.List(
        fields.Nested(WorkflowAnswerInput), load_default=list, validate=validate.Length(max=50), metadata=OF_ONE_KIND
    )
    center_id = key(required=False, metadata=OF_ONE_KIND)
    next = fields.List(key(), load_default=list, validate=validate.Length(max=50), metadata=OF_ONE_KIND)


class WorkflowFields(Strict):
    """Row A2. The graph is stored as a draft without being checked."""

    name = Line(100, required=True)
    only_graph_centers = Flag(load_default=True)
    items = fields.List(fields.Nested(WorkflowItemInput), load_default=list, validate=validate.Length(max=MAX_ITEMS))


class CreateWorkflow(WorkflowFields):
    id = key()


class ChangeWorkflow(WorkflowFields, Changing):
    id = Id(required=True)


class WorkflowAnswer(Result):
    id = fields.String()
    text = fields.String()
    to = fields.String()


class WorkflowItem(Result):
    """As it is drawn: a decision has what is of decisions, a center what is of centers."""

    id = fields.String()
    kind = Choice(("decision", "center"))
    question = fields.String(metadata=OF_ONE_KIND)
    answers = fields.List(fields.Nested(WorkflowAnswer), metadata=OF_ONE_KIND)
    center = Reference("centers", metadata=OF_ONE_KIND)
    next = fields.List(fields.String(), metadata=OF_ONE_KIND)


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
    """Running attendances at a place that the draft lacks; `more`: there are more than `count`."""

    item_id = fields.String(allow_none=True)
    center = Reference("centers", allow_none=True)
    count = fields.Integer()
    more = fields.Boolean()
    references = fields.List(fields.Integer())


class WorkflowCheck(Result):
    """A dry run of publishing: problems, and attendances at places that the draft lacks (they keep their version)."""

    publishable = fields.Boolean()
    problems = fields.List(fields.Nested(WorkflowProblem))
    stranded_count = fields.Integer()
    stranded = fields.List(fields.Nested(Stranded))


WorkflowList = list_of(Workflow, "WorkflowList")
