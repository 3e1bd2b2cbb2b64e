"""The company's reasons of a loss (row S15)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Flag, Id, Line
from services.chassis.schemas import Result, Strict


class ListLostReasons(Strict):
    """The reasons that may be chosen; with `include_archived` all."""

    include_archived = Flag(load_default=False)


class AddLostReason(Strict):
    """`needs_details`: whoever chooses it must add details."""

    name = Line(60, required=True)
    needs_details = Flag(load_default=False)


class ChangeLostReason(Strict):
    code = Id(required=True, data_key="lost_reason_id")
    name = Line(60, minimum=1)
    needs_details = Flag()


class OneLostReason(Strict):
    code = Id(required=True, data_key="lost_reason_id")


class LostReason(Result):
    """`id` stays; an archived one can't be chosen."""

    id = fields.String(attribute="code")
    name = fields.String()
    needs_details = fields.Boolean()
    archived = fields.Boolean()


class SavedLostReason(LostReason):
    """As it was saved; `version` is that of the whole list."""

    version = fields.Integer()


class LostReasonList(Result):
    items = fields.List(fields.Nested(LostReason))
    version = fields.Integer()


class DeletedLostReason(Result):
    id = fields.String(attribute="code")
    deleted = fields.Boolean()
    version = fields.Integer()
