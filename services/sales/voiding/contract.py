"""Voided numbers of NF-e (row S22)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Choice, Cursor, Id, Line, Whole
from services.chassis.references import Who
from services.chassis.schemas import PAGE_LIMIT, Result, Strict, page_of
from services.sales.fiscal.contract import LAST_NUMBER
from services.sales.fiscal.model import ENVIRONMENTS, LAST_SERIES
from services.sales.nfe.contract import Said
from services.sales.nfe.model.requests import REQUEST_STATES
from services.sales.voiding.model import LONGEST, SHORTEST


class VoidNumbers(Strict):
    """Numbers of a series in the company's environment, taken this year, that no document bears. Unless given, `series`
    is the company's."""

    series = Whole(0, LAST_SERIES, load_default=None, allow_none=True)
    first = Whole(1, LAST_NUMBER, required=True)
    last = Whole(1, LAST_NUMBER, required=True)
    reason = Line(LONGEST, minimum=SHORTEST, required=True)


class ListVoidings(Strict):
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()


class OneVoiding(Strict):
    voiding_id = Id(required=True)


class Voiding(Result):
    """`state`: requested, registered or refused; `said`: the authority's answer, `trouble` while it is not reached."""

    id = fields.String()
    state = Choice(REQUEST_STATES)
    environment = Choice(ENVIRONMENTS)
    series = fields.Integer()
    first = fields.Integer()
    last = fields.Integer()
    year = fields.Integer()
    reason = fields.String()
    requested_at = fields.DateTime()
    requested_by = fields.Nested(Who)
    said = fields.Nested(Said, allow_none=True)
    trouble = fields.String()
    version = fields.Integer()


VoidingPage = page_of(Voiding, "VoidingPage")
