"""The events that `notifications` publishes."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Base64
from services.chassis.schemas import DataErased, Event, EventData

SERVICE = "notifications"


class ReceivedFile(EventData):
    """A file with its bytes (base64)."""

    name = fields.String(required=True)
    media_type = fields.String(required=True)
    content = Base64(required=True)


class MessageReceived(EventData):
    """A message of a person, over `channel`, that is to become an entry (row N10). The aggregate is the message.

    `kind`: message, or automatic_answer (out of office). `attendance_id`: the attendance that it answers, where that is
    known. `verified`: the channel vouches for the sender. `quoted`: older messages that came with the text. `files`:
    5 MiB in all at most; `left_out` names those that exceed it.
    """

    message_id = fields.String(required=True)
    channel = fields.String(required=True)
    kind = fields.String(required=True)
    person_id = fields.String(required=True)
    attendance_id = fields.String(required=True, allow_none=True)
    sender = fields.String(required=True)
    sender_name = fields.String(required=True)
    subject = fields.String(required=True)
    text = fields.String(required=True)
    quoted = fields.String(required=True)
    verified = fields.Boolean(required=True)
    received_at = fields.DateTime(required=True)
    files = fields.List(fields.Nested(ReceivedFile), required=True)
    left_out = fields.List(fields.String(), required=True)


class AskedAudience(EventData):
    """Which persons belong to a mailing; what is null narrows nothing."""

    category = fields.String(required=True, allow_none=True)
    characteristic = fields.String(required=True, allow_none=True)
    city = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, allow_none=True)
    consenting = fields.Boolean(required=True)
    person_ids = fields.List(fields.String(), required=True)
    contact_since = fields.Date(required=True, allow_none=True)
    no_contact_since = fields.Date(required=True, allow_none=True)


class MailingGatheringStarted(EventData):
    """People finds the persons of a mailing, and announces them in mailing_audience_gathered (ADR 0048)."""

    gathering_id = fields.String(required=True)
    mailing_id = fields.String(required=True)
    purpose = fields.String(required=True)
    filter = fields.Nested(AskedAudience, required=True)


class RecipientOptedOut(EventData):
    """Somebody receives no more e-mails of a purpose: `source` and `evidence` say how they asked for it."""

    person_id = fields.String(required=True)
    purpose = fields.String(required=True)
    channel = fields.String(required=True)
    source = fields.String(required=True)
    evidence = fields.String(required=True)
    at = fields.DateTime(required=True)


PERSON_DATA_ERASED = Event(SERVICE, "person_data_erased", DataErased)
MESSAGE_RECEIVED = Event(SERVICE, "message_received", MessageReceived)
MAILING_GATHERING_STARTED = Event(SERVICE, "mailing_gathering_started", MailingGatheringStarted)
RECIPIENT_OPTED_OUT = Event(SERVICE, "recipient_opted_out", RecipientOptedOut)
EVENTS = (PERSON_DATA_ERASED, MESSAGE_RECEIVED, MAILING_GATHERING_STARTED, RECIPIENT_OPTED_OUT)
