"""Queues the e-mails to a person's watchers about an entry, a batch at a time (row N1)."""

from __future__ import annotations

from itertools import islice
from typing import Any

from services.notifications.model import RECIPIENT_UNKNOWN, delivery_for
from services.notifications.session import NotificationsSession

# E-mails in one transaction: some megabytes with the longest entry.
BATCH = 50


def tell_watchers(tx: NotificationsSession, event_id: str, entry: dict[str, Any], after: str = "") -> str | None:
    """Queues e-mails to the next BATCH watchers whose user ids come after `after`, where they may see the entry.

    Gives the user id to go on after, or None when no watcher is left. Delivery ids are derived from the event and the
    recipient, so calling it again queues nothing twice.
    """
    watches = list(islice(tx.watches.of_person(entry["person_id"], after), BATCH + 1))
    refusals = tx.refusals([watch.user_id for watch in watches], entry["person_id"], entry["attendance_id"])
    # A user without a replica yet is checked again before the sending.
    allowed = [watch for watch in watches[:BATCH] if refusals[watch.user_id] in (None, RECIPIENT_UNKNOWN)]
    mails = [delivery_for(event_id, entry, watch, tx.now) for watch in allowed]
    for mail in tx.deliveries.unknown(mails):
        tx.queue(mail)
    return watches[BATCH - 1].user_id if len(watches) > BATCH else None
