"""The e-mail with an NF-e (row S22)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Id
from services.chassis.schemas import Result, Strict


class SendNfe(Strict):
    """To the customer's main e-mail address."""

    nfe_id = Id(required=True)


class NfeSending(Result):
    """On its way; how it went is in the delivery log (row N7)."""

    nfe_id = fields.String()
    recipients = fields.List(fields.String())
