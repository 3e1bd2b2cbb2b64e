"""An e-mail that a user writes to a person (row N2)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.inputs import EmailAddress, Id, Line, Text
from services.chassis.schemas import Result, Strict
from services.notifications.deliveries.contract import Delivery

MOST_RECIPIENTS = 20


class SendPersonEmail(Strict):
    """One mail to each of `to`, so that none reads the others' addresses."""

    person_id = Id(required=True)
    to = fields.List(EmailAddress(), required=True, validate=validate.Length(min=1, max=MOST_RECIPIENTS))
    subject = Line(200, required=True)
    text = Text(20_000, required=True)


class SentEmails(Result):
    items = fields.List(fields.Nested(Delivery))
