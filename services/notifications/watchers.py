"""Telling a person's watchers of an entry, however many they are (row N1)."""

from __future__ import annotations

from itertools import islice
from typing import Any

from services.notifications.model import RECIPIENT_UNKNOWN, delivery_for
from services.notifications.session import NotificationsSession

# Of one transaction: some megabytes with the longest entry.
BATCH = 50


def tell_watchers(tx: NotificationsSession, event_id: str, entry: dict[str, Any], after: str = "") -> str | None:
    """Queues the e-mails to the next watchers after this user who may see what they are told; the user to go on after,
    None when all are told.

    The ids follow from the event and the recipient: telling somebody again queues nothing.
    """
    watches = list(islice(tx.watches.of_person(entry["person_id"], after), BATCH + 1))
    refusals = tx.refusals([watch.user_id for watch in watches], entry["person_id"], entry["attendance_id"])
    # Of whom nothing is known yet is asked again when it is sent.
    told = [watch for watch in watches[:BATCH] if refusals[watch.user_id] in (None, RECIPIENT_UNKNOWN)]
    mails = [delivery_for(event_id, entry, watch, tx.now) for watch in told]
    for mail in tx.deliveries.unknown(mails):
        tx.queue(mail)
    return watches[BATCH - 1].user_id if len(watches) > BATCH else None
