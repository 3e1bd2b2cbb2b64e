"""The event feed and webhooks (row N9)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from marshmallow import ValidationError, fields, validate

from services.chassis.inputs import Choice, Cursor, Id, Line, Moment, Whole
from services.chassis.references import USERS, Reference
from services.chassis.schemas import Result, Strict, UTCDateTime, json_object, page_of
from services.notifications.webhooks.catalogue import NAMES
from services.notifications.webhooks.catalogue import TYPES as TYPES
from services.notifications.webhooks.model import PAUSES, STATES


def _is_url(text: str) -> None:
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("https", "http") and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    if not sound or parts.username or parts.password or parts.fragment:
        raise ValidationError("Informe um endereço https, sem usuário, senha ou âncora.")


def _types(**options: Any) -> fields.List[Any]:
    return fields.List(Choice(NAMES), validate=validate.Length(max=len(NAMES)), **options)


class CreateWebhook(Strict):
    """Without `types` all that its maker may read now."""

    url = Line(500, required=True, validate=_is_url)
    types = _types(load_default=list)
    description = Line(200, load_default="")


class ChangeWebhook(Strict):
    """Only what is given changes. `state`: paused, or active again from where it stopped."""

    webhook_id = Id(required=True)
    url = Line(500, validate=_is_url)
    types = _types()
    description = Line(200)
    state = Choice(STATES)


class GetWebhook(Strict):
    webhook_id = Id(required=True)


class DeleteWebhook(GetWebhook):
    pass


class RotateWebhookSecret(GetWebhook):
    pass


class RedeliverWebhook(GetWebhook):
    """All events of its types again that were stored since then, in their order, under their own ids."""

    since = Moment(required=True)


class ListWebhooks(Strict):
    limit = Whole(1, 100, load_default=20)
    cursor = Cursor()


class Try(Result):
    at = UTCDateTime()
    event_id = fields.String()
    type = fields.String()
    answered = fields.Integer(allow_none=True)
    error = fields.String(allow_none=True)
    milliseconds = fields.Integer()


class Webhook(Result):
    """`pause_reason`: user, failures (three days without a delivery), or rights (its maker lost theirs).

    `log` holds the last attempts.
    """

    id = fields.String()
    url = fields.String()
    types = fields.List(fields.String())
    description = fields.String()
    state = Choice(STATES)
    pause_reason = fields.String(allow_none=True, validate=validate.OneOf(PAUSES))
    failures = fields.Integer()
    failing_since = UTCDateTime(allow_none=True)
    last_error = fields.String(allow_none=True)
    delivered = fields.Integer()
    created_at = UTCDateTime()
    created_by = Reference(USERS, "created_by", "created_by_name")
    log = fields.List(fields.Nested(Try))
    version = fields.Integer()


class NewWebhook(Webhook):
    """`secret` is shown this once: the key of the signatures."""

    secret = fields.String()


class WebhookSecret(Result):
    """The new key of the signatures, shown this once."""

    id = fields.String()
    secret = fields.String()


WebhookPage = page_of(Webhook, "WebhookPage")


class DeletedWebhook(Result):
    id = fields.String()


class ListEvents(Strict):
    """The company's events in the order of the feed, after `cursor`; without one from `from` on, or the oldest."""

    types = _types(load_default=list)
    person_id = Id(load_default=None, allow_none=True)
    since = Moment(data_key="from", load_default=None, allow_none=True)
    limit = Whole(1, 200, load_default=100)
    cursor = Cursor()


class FeedEvent(Result):
    """`sequence`: the version of the record (`aggregate_id`); a reader keeps the highest, and sees gaps."""

    id = fields.String()
    type = fields.String()
    aggregate_id = fields.String(attribute="aggregate")
    sequence = fields.Integer()
    at = UTCDateTime()
    by = Reference(USERS, "actor_id", "actor_name")
    data = json_object()


class EventPage(Result):
    """`next_cursor` is where to read on, also when there is nothing new; `more`: there is more already."""

    items = fields.List(fields.Nested(FeedEvent))
    next_cursor = fields.String(allow_none=True)
    more = fields.Boolean()
