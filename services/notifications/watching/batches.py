"""The e-mails to a person's watchers about an entry, a batch at a time (row N1)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from services.chassis.access.seeing import Told
from services.notifications.deliveries.model import Delivery
from services.notifications.members.model import RECIPIENT_UNKNOWN
from services.notifications.session import NotificationsSession
from services.notifications.watching.model import delivery_for

# E-mails queued at once: some megabytes with the longest entry.
BATCH = 50


def mails_to_watchers(
    tx: NotificationsSession, event_id: str, entry: dict[str, Any], after: str = ""
) -> tuple[list[Delivery], str | None]:
    """The e-mails to the next BATCH watchers whose user ids come after `after`, whether they may see the entry or not;
    and the user id to go on after, or None when no watcher is left.

    Their ids are derived from the event and the recipient.
    """
    watches = list(islice(tx.watches.of_person(entry["person_id"], after), BATCH + 1))
    mails = [delivery_for(event_id, entry, watch, tx.now) for watch in watches[:BATCH]]
    return mails, watches[BATCH - 1].user_id if len(watches) > BATCH else None


def allowed(tx: NotificationsSession, mails: Sequence[Delivery], told: Sequence[Told] = ()) -> list[Delivery]:
    """Those of the mails that may be queued; a user without a replica yet is checked again before the sending."""
    reasons = tx.reasons(mails, told)
    return [mail for mail, reason in zip(mails, reasons, strict=True) if reason in (None, RECIPIENT_UNKNOWN)]
