"""The mails to a person's watchers about an event, a batch at a time (row N1)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from services.chassis.access.row_visibility import AttendanceFiling
from services.notifications.deliveries.model import Delivery
from services.notifications.members.model import RECIPIENT_UNKNOWN
from services.notifications.session import NotificationsSession
from services.notifications.watching.model import DIGESTS, RESPONSIBLE, Watch, delivery_for, digest_item, due_of

# E-mails that one batch queues: some megabytes with the longest entry.
BATCH = 50


def next_watcher_mails(
    tx: NotificationsSession, event_id: str, entry: dict[str, Any], after: str = ""
) -> tuple[list[Delivery], str | None]:
    """The e-mails to the next BATCH watchers whose user ids come after `after`, whether they may see the entry or not;
    and the user id to go on after, or None when no watcher is left. A person whom nobody watches has the company's
    default list.

    A mail's id follows from the event and the recipient; `digest` names the digest that it goes into, if any.
    """
    watches = list(islice(tx.watches.of_person(entry["person_id"], after), BATCH + 1))
    told = watches[:BATCH] if watches or after else default_watches(tx, entry["person_id"])
    mails = []
    for watch in told:
        if watch.tells(entry.get("author_id")):
            mail = delivery_for(event_id, entry, watch, tx.now)
            mail.digest = watch.mode if watch.mode in DIGESTS else None
            mails.append(mail)
    return mails, watches[BATCH - 1].user_id if len(watches) > BATCH else None


def responsible_mails(
    tx: NotificationsSession,
    event_id: str,
    entry: dict[str, Any],
    user_ids: Sequence[str],
    mails: Sequence[Delivery],
) -> list[Delivery]:
    """Row N10: the e-mails to the users who answer for the attendance, except those who get one of `mails`."""
    told = {mail.user_id for mail in mails} | {entry.get("author_id")}
    contacts = tx.members.contacts([one for one in user_ids if one not in told])
    return [
        delivery_for(event_id, entry, Watch(one, who.name, who.email, entry["person_id"], tx.now), tx.now, RESPONSIBLE)
        for one, who in contacts.items()
    ]


def default_watches(tx: NotificationsSession, person_id: str) -> list[Watch]:
    """A watch for each user of the company's default list whose address is known here."""
    ids = tx.watch_settings.recent().default_watchers
    found = tx.members.contacts(ids)
    return [Watch(one, found[one].name, found[one].email, person_id, tx.now) for one in ids if one in found]


def only_permitted(
    tx: NotificationsSession, mails: Sequence[Delivery], told: Sequence[AttendanceFiling] = ()
) -> list[Delivery]:
    """The mails that may be queued; a user whose copy has not come yet is checked again before the sending."""
    reasons = tx.refusals(mails, told)
    return [mail for mail, reason in zip(mails, reasons, strict=True) if reason in (None, RECIPIENT_UNKNOWN)]


def queue_mails_or_digests(tx: NotificationsSession, entry: dict[str, Any], mails: Sequence[Delivery]) -> None:
    """Queues the mails; those with a `digest` become items of that digest instead."""
    for mail in mails:
        if mail.digest is None:
            tx.queue(mail)
        else:
            tx.digests.keep(digest_item(mail, entry, due_of(mail.digest, tx.now, tx.zone.get())))
