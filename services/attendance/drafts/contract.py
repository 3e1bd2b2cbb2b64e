"""Drafts (row A9)."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields

from services.chassis.inputs import Cursor, Flag, Id, Verbatim, Version, Whole
from services.chassis.schemas import Result, Strict, page_of


def _raw(maximum: int) -> fields.String:
    return Verbatim(maximum, trimmed=False, allow_none=True)


class DraftContent(Schema):
    """What a form held while it was typed in: nothing is trimmed, required or looked up."""

    class Meta:
        unknown = RAISE

    text = _raw(20_000)
    title = _raw(200)
    type_id = _raw(64)
    contact = _raw(150)
    due_at = _raw(40)
    standard_text_id = _raw(64)
    next_contact_date = _raw(40)
    next_user_id = _raw(64)
    notify_customer = Flag(allow_none=True)


class SaveAttendanceDraft(Strict):
    """Of an entry in an attendance; `version`, where given, refuses to overwrite what another window wrote."""

    attendance_id = Id(required=True)
    content = fields.Nested(DraftContent, required=True)
    version = Version()


class SavePersonDraft(Strict):
    """Of an attendance about to be opened on a person."""

    person_id = Id(required=True)
    content = fields.Nested(DraftContent, required=True)
    version = Version()


class OfPersonDraft(Strict):
    person_id = Id(required=True)


class ListDrafts(Strict):
    limit = Whole(1, 100, load_default=20)
    cursor = Cursor()


class Draft(Result):
    """`attendance_id` is null for an attendance about to be opened."""

    person_id = fields.String()
    person_name = fields.String()
    attendance_id = fields.String(allow_none=True)
    title = fields.String()
    content = fields.Nested(DraftContent)
    updated_at = fields.DateTime()
    version = fields.Integer()


class DraftDiscarded(Result):
    discarded = fields.Boolean()


DraftPage = page_of(Draft, "DraftPage")
