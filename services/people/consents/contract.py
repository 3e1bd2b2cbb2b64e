"""Consents by purpose and channel (row P7, LGPD articles 7 and 8)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Choice, Code, Flag, Id, Line, Text
from services.chassis.references import USERS, Reference
from services.chassis.schemas import Result, Strict, page_of
from services.people.consents.model import CHANNELS


class DecideConsent(Strict):
    """`source`: how the person declared it (form, phone call...); `evidence`: the proof itself, or where it is."""

    person_id = Id(required=True)
    purpose = Line(40, required=True)
    channel = Choice(CHANNELS, required=True)
    given = Flag(required=True)
    source = Line(60, required=True)
    evidence = Text(500, load_default="")


class ListConsents(Strict):
    person_id = Id(required=True)


class AddPurpose(Strict):
    code = Code("[a-z][a-z0-9_]{1,39}", required=True)
    name = Line(100, required=True)


class ListPurposes(Strict):
    """The company's purposes."""


class Consent(Result):
    id = fields.String()
    person_id = fields.String()
    purpose = fields.String()
    channel = Choice(CHANNELS)
    given = fields.Boolean()
    source = fields.String()
    evidence = fields.String()
    at = fields.DateTime()
    by = Reference(USERS, "by", "by_name")


class ConsentList(Result):
    items = fields.List(fields.Nested(Consent))


class Purpose(Result):
    code = fields.String()
    name = fields.String()


class PurposeList(Result):
    items = fields.List(fields.Nested(Purpose))


ConsentPage = page_of(Consent, "ConsentPage")
