"""Correction letters of NF-e (row S22)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Choice, Id, Line, Whole
from services.chassis.references import Who
from services.chassis.schemas import Result, Strict
from services.sales.corrections.model import LONGEST, MOST_LETTERS, SHORTEST
from services.sales.nfe.contract import NfeXml as NfeXml
from services.sales.nfe.contract import Said
from services.sales.nfe.model.requests import REQUEST_STATES


class CorrectNfe(Strict):
    """`text` says all that is to be corrected, what earlier letters said too: the last one holds. Not amounts, taxes,
    the parties or the date (Ajuste SINIEF 07/05)."""

    nfe_id = Id(required=True)
    text = Line(LONGEST, minimum=SHORTEST, required=True)


class OneLetter(Strict):
    nfe_id = Id(required=True)
    number = Whole(1, MOST_LETTERS, required=True)


class OfNfe(Strict):
    nfe_id = Id(required=True)


class Correction(Result):
    """`state`: requested, registered or refused; `said`: the authority's answer, `trouble` while it is not reached."""

    id = fields.String()
    nfe_id = fields.String()
    number = fields.Integer()
    text = fields.String()
    state = Choice(REQUEST_STATES)
    requested_at = fields.DateTime()
    requested_by = fields.Nested(Who)
    said = fields.Nested(Said, allow_none=True)
    trouble = fields.String()
    version = fields.Integer()


class CorrectionList(Result):
    """The last one first."""

    items = fields.List(fields.Nested(Correction))
