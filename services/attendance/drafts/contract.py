"""Drafts (row A9)."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from services.chassis.inputs import Cursor, Flag, Id, Verbatim, Version, Whole
from services.chassis.references import PERSONS, USERS, Reference, References
from services.chassis.schemas import SOMETIMES, Counted, Result, Strict, counted_page_of


def _raw(maximum: int) -> fields.String:
    return Verbatim(maximum, trimmed=False, allow_none=True, metadata={SOMETIMES: True})


class DraftContentInput(Schema):
    """The unchecked content of a form: nothing is trimmed, required or looked up.

    `product` in words, or `product_id` of the catalogue.
    """

    class Meta:
        unknown = RAISE

    text = _raw(20_000)
    title = Verbatim(200, trimmed=False, allow_none=True, data_key="subject", metadata={SOMETIMES: True})
    type_id = _raw(64)
    contact = _raw(150)
    product = _raw(150)
    product_id = _raw(64)
    flow_id = _raw(64)
    tag_ids = fields.List(Verbatim(64, trimmed=False), validate=validate.Length(max=100), metadata={SOMETIMES: True})
    due_at = _raw(40)
    standard_text_id = _raw(64)
    next_contact_date = _raw(40)
    next_user_id = _raw(64)
    notify_customer = Flag(allow_none=True, metadata={SOMETIMES: True})


class DraftedProduct(Result):
    """A product of the catalogue, or, with `id` null, one given in words."""

    id = fields.String(allow_none=True)
    name = fields.String(allow_none=True)


class DraftContent(Result):
    """What was typed. A reference to a record that does not exist, or that the user may not see, has no name."""

    text = _raw(20_000)
    subject = fields.String(attribute="title", allow_none=True, metadata={SOMETIMES: True})
    type = Reference("drafted_types", allow_none=True, metadata={SOMETIMES: True})
    contact = _raw(150)
    product = Reference("products", named="product", schema=DraftedProduct, allow_none=True, metadata={SOMETIMES: True})
    flow = Reference("drafted_flows", allow_none=True, metadata={SOMETIMES: True})
    tags = References("tags", "tag_ids", metadata={SOMETIMES: True})
    due_at = _raw(40)
    standard_text = Reference("standard_texts", allow_none=True, metadata={SOMETIMES: True})
    next_contact_date = _raw(40)
    next_user = Reference(USERS, allow_none=True, metadata={SOMETIMES: True})
    notify_customer = Flag(allow_none=True, metadata={SOMETIMES: True})


class SaveAttendanceDraft(Strict):
    """A draft of an entry; with `version` it does not overwrite a newer draft from another window."""

    attendance_id = Id(required=True)
    content = fields.Nested(DraftContentInput, required=True)
    version = Version()


class SavePersonDraft(Strict):
    """A draft of an attendance that is about to be opened for a person; `version` as in SaveAttendanceDraft."""

    person_id = Id(required=True)
    content = fields.Nested(DraftContentInput, required=True)
    version = Version()


class OfPersonDraft(Strict):
    person_id = Id(required=True)


class ListDrafts(Counted):
    limit = Whole(1, 100, load_default=20)
    cursor = Cursor()


class Draft(Result):
    """`attendance_id` is null for an attendance that is about to be opened."""

    person = Reference(PERSONS, named="person_name")
    attendance_id = fields.String(allow_none=True)
    subject = fields.String(attribute="title")
    content = fields.Nested(DraftContent)
    updated_at = fields.DateTime()
    version = fields.Integer()


class DraftDiscarded(Result):
    discarded = fields.Boolean()


DraftPage = counted_page_of(Draft, "DraftPage")
