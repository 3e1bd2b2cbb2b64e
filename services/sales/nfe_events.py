"""The events of NF-e that `sales` publishes (row S22); part of events.py."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.schemas import Event, EventData

SERVICE = "sales"


class NfeRequested(EventData):
    """`code` and `text` are the tax authority's last answer; `key` is empty until the document is built."""

    nfe_id = fields.String(required=True)
    order_id = fields.String(required=True)
    person_id = fields.String(required=True)
    status = fields.String(required=True)
    environment = fields.String(required=True)
    series = fields.Integer(required=True, allow_none=True)
    number = fields.Integer(required=True, allow_none=True)
    key = fields.String(required=True)
    total = fields.Decimal(required=True, as_string=True)
    code = fields.String(required=True, allow_none=True)
    text = fields.String(required=True, allow_none=True)


class NfeChanged(NfeRequested):
    """The state of an NF-e after a change."""


class SentFile(EventData):
    """`content` in base64."""

    name = fields.String(required=True)
    media_type = fields.String(required=True)
    content = fields.String(required=True)


class NfeSent(EventData):
    """An issued NF-e is to be e-mailed to its customer; the event carries the mail with XML and DANFE."""

    sending_id = fields.String(required=True)
    nfe_id = fields.String(required=True)
    order_id = fields.String(required=True)
    person_id = fields.String(required=True)
    attendance_id = fields.String(required=True, allow_none=True)
    recipients = fields.List(fields.String(), required=True)
    subject = fields.String(required=True)
    text = fields.String(required=True)
    files = fields.List(fields.Nested(SentFile), required=True)


NFE_REQUESTED = Event(SERVICE, "nfe_requested", NfeRequested)
NFE_CHANGED = Event(SERVICE, "nfe_changed", NfeChanged)
NFE_SENT = Event(SERVICE, "nfe_sent", NfeSent)
