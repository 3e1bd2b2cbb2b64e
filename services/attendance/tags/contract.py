"""The tags of a flow, and tagging attendances (row A6)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.attendance.shared.contract import ids
from services.attendance.tags.model import MAX_TAGS
from services.chassis.inputs import Code, Id, Line
from services.chassis.schemas import Result, Strict

MANY = 50


def _colour(**options: Any) -> Code:
    return Code("#[0-9a-f]{6}", "Informe a cor como #rrggbb.", **options)


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
