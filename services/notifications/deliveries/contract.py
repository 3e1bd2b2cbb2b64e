"""Watching persons, and the delivery log (rows N1, N7)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Base64, Choice, Cursor, Id, Whole
from services.chassis.schemas import EventData, Result, Strict, page_of
from services.notifications.deliveries.model import CHANNELS, DELIVERY_STATUSES


class ListDeliveries(Strict):
    """Row N7: deliveries, newest first: those of the company or, with `person_id`, of one person."""

    person_id = Id(minimum=0, load_default=None, allow_none=True)
    limit = Whole(1, 100, load_default=20)
    cursor = Cursor()


class Delivery(Result):
    """`status`: queued, sent, failed (will be tried again), dead (given up), or suppressed (may no longer be sent)."""

    id = fields.String()
    person_id = fields.String()
    channel = Choice(CHANNELS)
    recipient = fields.String()
    subject = fields.String()
    status = Choice(DELIVERY_STATUSES)
    attempts = fields.Integer()
    last_error = fields.String(allow_none=True)
    message_id = fields.String()
    created_at = fields.DateTime()
    sent_at = fields.DateTime(allow_none=True)


DeliveryPage = page_of(Delivery, "DeliveryPage")


class FileSeen(EventData):
    name = fields.String(required=True)
    media_type = fields.String(required=True)
    content = Base64(required=True)
