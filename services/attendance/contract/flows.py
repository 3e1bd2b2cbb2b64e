"""Flows and their tags (rows A5, A6)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.attendance.domain.tags import MAX_TAGS
from services.chassis.inputs import Code, Flag, Id, Line, Text
from services.chassis.schemas import Result, Strict

MAX_USERS = 500
MANY = 50


def _colour(**options: Any) -> Code:
    return Code("#[0-9a-f]{6}", "Informe a cor como #rrggbb.", **options)


def ids(maximum: int, **options: Any) -> fields.List[str]:
    return fields.List(Id(required=True), validate=validate.Length(max=maximum), **options)


class FlowById(Strict):
    flow_id = Id(required=True)


class CreateFlow(Strict):
    """Row A5. The alias is the name where none is given; `users`: who may see and use it, by default its creator."""

    name = Line(100, required=True)
    alias = Line(100, load_default="")
    description = Text(1000, load_default="")
    users = ids(MAX_USERS, load_default=None, allow_none=True)
    active = Flag(load_default=True)


class ChangeFlow(Strict):
    """Row A5: what is not given stays."""

    flow_id = Id(required=True)
    name = Line(100, minimum=1)
    alias = Line(100)
    description = Text(1000)
    users = ids(MAX_USERS)


class ListFlows(Strict):
    """`manage`: all flows of the company, for who may set them up; else those that the user may use."""

    manage = Flag(load_default=False)
    include_inactive = Flag(load_default=False)


class FlowAmount(Result):
    currency = fields.String()
    amount = fields.String(metadata={"description": "decimal, two places"})


class FlowTotals(Result):
    """Row A13: attendances by where they are filed; quotes in approval of the active ones, and their amounts."""

    active = fields.Integer()
    archived = fields.Integer()
    trashed = fields.Integer()
    quotes_in_approval = fields.Integer()
    in_approval = fields.List(fields.Nested(FlowAmount))


class Flow(Result):
    id = fields.String()
    name = fields.String()
    alias = fields.String()
    description = fields.String()
    users = fields.List(fields.String())
    active = fields.Boolean()
    created_at = fields.DateTime()
    version = fields.Integer()


class FlowWithTotals(Flow):
    """`totals`: null for who sees a part of the flow's attendances only, or sets it up only."""

    totals = fields.Nested(FlowTotals, allow_none=True)


class Flows(Result):
    items = fields.List(fields.Nested(FlowWithTotals))


class CreateTag(Strict):
    """Row A6: last in the order."""

    flow_id = Id(required=True)
    name = Line(60, required=True)
    colour = _colour(load_default="#808080")


class ChangeTag(Strict):
    flow_id = Id(required=True)
    tag_id = Id(required=True)
    name = Line(60, minimum=1)
    colour = _colour()


class TagById(Strict):
    flow_id = Id(required=True)
    tag_id = Id(required=True)


class OrderTags(Strict):
    """All tags of the flow; TODOS may be named, and stays first."""

    flow_id = Id(required=True)
    tag_ids = ids(MAX_TAGS + 1, required=True)


class TagAttendances(Strict):
    """Links and unlinks tags of one or many attendances of the flow: all of them, or none."""

    flow_id = Id(required=True)
    attendance_ids = fields.List(Id(required=True), required=True, validate=validate.Length(min=1, max=MANY))
    link = ids(MAX_TAGS, load_default=list)
    unlink = ids(MAX_TAGS, load_default=list)


class Tag(Result):
    """`fixed`: TODOS, which is always first."""

    id = fields.String()
    name = fields.String()
    colour = fields.String()
    fixed = fields.Boolean()


class TagOrdering(Result):
    """Who is ordering the tags; linking is refused until they release it or `until`."""

    by = fields.String()
    by_name = fields.String()
    until = fields.DateTime()


class Tags(Result):
    items = fields.List(fields.Nested(Tag))
    ordering = fields.Nested(TagOrdering, allow_none=True)


class Tagged(Result):
    """The attendances with the tags that they now have."""

    attendance_id = fields.String()
    tags = fields.List(fields.Nested(Tag))


class TaggedAttendances(Result):
    items = fields.List(fields.Nested(Tagged))
