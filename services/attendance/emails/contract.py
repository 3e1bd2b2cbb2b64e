"""An e-mail sent from an attendance (rows N2, N3)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.inputs import EmailAddress, Id, Line, Text
from services.chassis.schemas import Strict

MOST_RECIPIENTS = 20


class SendEmail(Strict):
    """`to` is the person's main address, and `subject` the attendance's title, where they are left out.
    `attachment_ids`: attachments that the author has staged. `text` is copied into the author's open draft."""

    attendance_id = Id(required=True)
    to = fields.List(EmailAddress(), load_default=list, validate=validate.Length(max=MOST_RECIPIENTS))
    subject = Line(200, load_default="")
    text = Text(20_000, required=True)
    attachment_ids = fields.List(Id(minimum=0), load_default=list, validate=validate.Length(max=50))
