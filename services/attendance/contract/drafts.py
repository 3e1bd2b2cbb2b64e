"""Drafts (row A9)."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from services.chassis.schemas import Result, Strict, page_of, text


def _raw(maximum: int) -> fields.String:
    return fields.String(allow_none=True, validate=validate.Length(max=maximum))


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
    notify_customer = fields.Boolean(allow_none=True)


class SaveAttendanceDraft(Strict):
    """Of an entry in an attendance; `version`, where given, refuses to overwrite what another window wrote."""

    attendance_id = text(64)
    content = fields.Nested(DraftContent, required=True)
    version = fields.Integer(load_default=None, allow_none=True)


class SavePersonDraft(Strict):
    """Of an attendance about to be opened on a person."""

    person_id = text(64)
    content = fields.Nested(DraftContent, required=True)
    version = fields.Integer(load_default=None, allow_none=True)


class OfPersonDraft(Strict):
    person_id = text(64)


class ListDrafts(Strict):
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=100))
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=400))


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
