"""Who a mailing goes to, told by people in batches, and what persons decide about mails (row N6, ADR 0048)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from marshmallow import fields

from services.chassis.handling.entrypoints import subscribe
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.schemas import EventData
from services.notifications.mailings.model import EMAIL, recipients_of
from services.notifications.session import NotificationsSession

Data = dict[str, Any]


class AddressSeen(EventData):
    street = fields.String(load_default="")
    number = fields.String(load_default="")
    complement = fields.String(load_default="")
    district = fields.String(load_default="")
    city = fields.String(load_default="")
    state = fields.String(load_default="")
    postal_code = fields.String(load_default="")
    country = fields.String(load_default="BR")


class RecipientSeen(EventData):
    person_id = fields.String(required=True)
    code = fields.Integer(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    address = fields.Nested(AddressSeen, required=True, allow_none=True)
    email_consent = fields.Boolean(required=True, allow_none=True)
    post_consent = fields.Boolean(required=True, allow_none=True)


class BatchSeen(EventData):
    """Of people's mailing_audience_gathered, and of attendance's mailing_candidates_chosen."""

    gathering_id = fields.String(required=True)
    mailing_id = fields.String(required=True)
    last = fields.Boolean(required=True)
    refused = fields.String(load_default=None, allow_none=True)
    persons = fields.List(fields.Nested(RecipientSeen), required=True)


class ConsentSeen(EventData):
    """Of people's consent_changed."""

    person_id = fields.String(required=True)
    purpose = fields.String(required=True)
    channel = fields.String(required=True)
    given = fields.Boolean(required=True)
    at = fields.DateTime(required=True)


@subscribe("people", "mailing_audience_gathered", takes=BatchSeen)
def on_people_mailing_audience_gathered(tx: NotificationsSession, event: ReceivedEvent) -> None:
    """Batches come in any order, and each once; those of a gathering that is over count no more."""
    _add_batch(tx, event)


@subscribe("attendance", "mailing_candidates_chosen", takes=BatchSeen)
def on_attendance_mailing_candidates_chosen(tx: NotificationsSession, event: ReceivedEvent) -> None:
    """The same, of a filter by the last contact."""
    _add_batch(tx, event)


def _add_batch(tx: NotificationsSession, event: ReceivedEvent) -> None:
    batch = event.data
    mailing = tx.mailings.find(batch["mailing_id"])
    if mailing is None or not mailing.is_gathering(batch["gathering_id"]):
        return
    if batch["refused"]:
        mailing.give_up_gathering(batch["refused"])
        tx.mailing_recipients.drop(mailing.id)
    else:
        persons = _not_erased(tx, batch["persons"])
        addresses = {one["email"].lower() for one in persons if one["email"]}
        made = recipients_of(mailing, persons, tx.mailing_recipients.addresses_in_use(mailing.id, addresses), tx.now)
        known = tx.mailing_recipients.existing([one.id for one in made])
        new = [one for one in made if one.id not in known]
        tx.mailing_recipients.add(new)
        mailing.add_batch(event.sequence, batch["last"], Counter(one.outcome for one in new))
    tx.mailings.save(mailing)


def _not_erased(tx: NotificationsSession, told: Sequence[Data]) -> list[Data]:
    """Those whose data was not erased since they were told: nothing is kept of the others."""
    categories = tx.categories([one["person_id"] for one in told])
    return [one for one in told if categories[one["person_id"]] is not None]


@subscribe("people", "consent_changed", takes=ConsentSeen, once=False)
def on_people_consent_changed(tx: NotificationsSession, event: ReceivedEvent) -> None:
    """Counts for mails in line, too."""
    said = event.data
    if said["channel"] == EMAIL:
        tx.opt_outs.put_decision(said["person_id"], said["purpose"], said["given"], said["at"])
