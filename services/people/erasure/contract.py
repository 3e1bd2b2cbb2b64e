"""Erasing a person's data, and the report of what is held (row P7, LGPD articles 16 and 18)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Choice, Id, Line, Text
from services.chassis.references import USERS, Reference
from services.chassis.schemas import DataErased, ErasedRows, Result, Strict
from services.people.erasure.model import ERASURE_STATES


class ErasePerson(Strict):
    """`legal_request`: the number or date of the person's request."""

    person_id = Id(required=True)
    reason = Text(300, required=True)
    legal_request = Line(100, required=True)


class GetErasure(Strict):
    person_id = Id(required=True)


class Receipt(Result):
    """`state`: running, or done at `at`."""

    service = fields.String()
    state = Choice(ERASURE_STATES)
    at = fields.DateTime(allow_none=True)
    items = fields.List(fields.Nested(ErasedRows))


class Erasure(Result):
    id = fields.String()
    person_id = fields.String()
    persons = fields.List(fields.String())
    state = Choice(ERASURE_STATES)
    reason = fields.String()
    legal_request = fields.String()
    requested_at = fields.DateTime()
    requested_by = Reference(USERS, "requested_by", "requested_by_name")
    finished_at = fields.DateTime(allow_none=True)
    receipts = fields.List(fields.Nested(Receipt), attribute="state_by_service")


class PersonDataErased(DataErased):
    """The other services' event person_data_erased: what a service erased and kept."""
