"""Watching persons, and the delivery log (rows N1, N7)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Base64, Choice, Cursor, EmailAddress, Id, Whole
from services.chassis.schemas import PAGE_LIMIT, EventData, Result, Strict, page_of
from services.notifications.model import CHANNELS, DELIVERY_STATUSES


class WatchPerson(Strict):
    """Row N1: the user of the request starts to watch the person; `email` is where their alerts go."""

    person_id = Id(required=True)
    email = EmailAddress(required=True)


class UnwatchPerson(Strict):
    person_id = Id(required=True)


class ListWatchers(Strict):
    person_id = Id(required=True)
    limit = Whole(1, PAGE_LIMIT, load_default=PAGE_LIMIT)
    cursor = Cursor()


class Watcher(Result):
    user_id = fields.String()
    user_name = fields.String()
    email = fields.String()
    since = fields.DateTime()


WatcherList = page_of(Watcher, "WatcherList")


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
