"""Watching persons, and the delivery log (rows N1, N7)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Base64, Choice, Cursor, Id, Moment, Whole
from services.chassis.references import PERSONS, Reference
from services.chassis.schemas import EventData, Result, Strict, UTCDateTime, page_of
from services.notifications.deliveries.model import CHANNELS, DELIVERY_STATUSES


class ListDeliveries(Strict):
    """Row N7: deliveries, newest first, of the company or of one person; `from` included, `to` not."""

    person_id = Id(minimum=0, load_default=None, allow_none=True)
    state = Choice(DELIVERY_STATUSES, load_default=None, allow_none=True)
    channel = Choice(CHANNELS, load_default=None, allow_none=True)
    since = Moment(data_key="from", load_default=None, allow_none=True)
    until = Moment(data_key="to", load_default=None, allow_none=True)
    limit = Whole(1, 100, load_default=20)
    cursor = Cursor()


class GetDelivery(Strict):
    delivery_id = Id(required=True)


class RetryDelivery(GetDelivery):
    pass


class Attempt(Result):
    """`code`: the server's answer, or a word of ours; `reason`: what it said, without addresses."""

    at = UTCDateTime()
    outcome = Choice(("sent", "failed"))
    code = fields.String()
    reason = fields.String()
    account_id = fields.String(allow_none=True)


class Delivery(Result):
    """`state`: queued, sent, delivered, read, failed (tried again at `retry_at`), dead (given up), or suppressed
    (may no longer be sent). `log` holds the last attempts."""

    id = fields.String()
    person_id = fields.String(attribute="about", allow_none=True)
    person = Reference(PERSONS, "about", allow_none=True)
    attendance_id = fields.String(allow_none=True)
    mailing_id = fields.String(allow_none=True)
    channel = Choice(CHANNELS)
    recipient = fields.String()
    subject = fields.String()
    state = Choice(DELIVERY_STATUSES, attribute="status")
    attempts = fields.Integer()
    last_error = fields.String(allow_none=True)
    message_id = fields.String()
    created_at = UTCDateTime()
    sent_at = UTCDateTime(allow_none=True)
    delivered_at = UTCDateTime(allow_none=True)
    read_at = UTCDateTime(allow_none=True)
    retry_at = UTCDateTime(allow_none=True)
    log = fields.List(fields.Nested(Attempt))


DeliveryPage = page_of(Delivery, "DeliveryPage")


class FileSeen(EventData):
    name = fields.String(required=True)
    media_type = fields.String(required=True)
    content = Base64(required=True)
