"""Consents by purpose and channel (row P7, LGPD articles 7 and 8)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.schemas import Result, Strict, page_of, text
from services.people.domain import CHANNELS


class DecideConsent(Strict):
    """`source`: how it was told (form, phone call...); `evidence`: where the proof is, or its words."""

    person_id = text(64)
    purpose = text(40)
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    given = fields.Boolean(required=True)
    source = text(60)
    evidence = text(500, required=False, load_default="")


class ListConsents(Strict):
    person_id = text(64)


class AddPurpose(Strict):
    code = fields.String(required=True, validate=validate.Regexp("^[a-z][a-z0-9_]{1,39}$"))
    name = text(100)


class ListPurposes(Strict):
    """The company's purposes."""


class Consent(Result):
    id = fields.String()
    person_id = fields.String()
    purpose = fields.String()
    channel = fields.String()
    given = fields.Boolean()
    source = fields.String()
    evidence = fields.String()
    at = fields.DateTime()
    by = fields.String()
    by_name = fields.String()


class ConsentList(Result):
    items = fields.List(fields.Nested(Consent))


class Purpose(Result):
    code = fields.String()
    name = fields.String()


class PurposeList(Result):
    items = fields.List(fields.Nested(Purpose))


ConsentPage = page_of(Consent, "ConsentPage")
