"""The tags of a flow, and tagging attendances (row A6)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.attendance.shared.contract import ids
from services.attendance.tags.model import MAX_TAGS
from services.chassis.inputs import Code, Id, Line
from services.chassis.references import USERS, Reference
from services.chassis.schemas import Result, Strict

MANY = 50


def _colour(**options: Any) -> Code:
    return Code("#[0-9a-f]{6}", "Informe a cor como #rrggbb.", **options)


class CreateTag(Strict):
    """Row A6: the new tag comes last in the order."""

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
    """`tag_ids`: all tags of the flow in their new order; TODOS may be among them, and stays first."""

    flow_id = Id(required=True)
    tag_ids = ids(MAX_TAGS + 1, required=True)


class TagAttendances(Strict):
    """Links and unlinks tags in attendances of the flow: in all of them, or in none."""

    flow_id = Id(required=True)
    attendance_ids = fields.List(Id(required=True), required=True, validate=validate.Length(min=1, max=MANY))
    link = ids(MAX_TAGS, load_default=list)
    unlink = ids(MAX_TAGS, load_default=list)


class Tag(Result):
    """`fixed` is true for TODOS, which is always first."""

    id = fields.String()
    name = fields.String()
    colour = fields.String()
    fixed = fields.Boolean()


class SavedTag(Tag):
    """As it was saved; `version` is the flow's, whose tags are edited as a part of it."""

    version = fields.Integer()


class TagOrdering(Result):
    """The lock of the user who is ordering the tags; linking is refused until it is released or `until` (UTC)."""

    by = Reference(USERS, "by", "by_name")
    until = fields.DateTime()


class Tags(Result):
    items = fields.List(fields.Nested(Tag))
    ordering = fields.Nested(TagOrdering, allow_none=True)
    version = fields.Integer(metadata={"description": "A do fluxo: com ela se altera ou exclui uma tag"})


class Tagged(Result):
    """An attendance with its tags after the change."""

    attendance_id = fields.String()
    tags = fields.List(fields.Nested(Tag))


class TaggedAttendances(Result):
    items = fields.List(fields.Nested(Tagged))
