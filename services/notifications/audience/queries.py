"""The preview of an entry's notifications, by the rules of the real sending (row N8). Queues nothing."""

from __future__ import annotations

from itertools import islice
from typing import Any

from services.chassis.handling.entrypoints import query
from services.notifications.audience import contract
from services.notifications.audience.model import (
    CUSTOMER,
    DEFAULT_WATCHER,
    MOST_NAMED,
    MUTED_BY_USER,
    OWN_ACTION,
    RECIPIENT,
    WATCHER,
    AudienceMember,
)
from services.notifications.deliveries.model import WHATSAPP, Delivery, email
from services.notifications.session import NotificationsSession
from services.notifications.watching.batches import default_watches
from services.notifications.watching.model import AT_ONCE, MUTED, Watch, delivery_for
from services.notifications.whatsapp.model import Content, message_to

Data = dict[str, Any]


@query(takes=contract.GetAudience, gives=contract.Audience, needs="notifications.read", section="watchers")
def get_audience(session: NotificationsSession, data: Data) -> Data:
    """Raises NotFound: person_not_found, attendance_not_found, also of one whose users it would tell to an outsider."""
    session.require_person(data["person_id"])
    if data["attendance_id"]:
        session.attendances.require(data["attendance_id"])
    entry = {
        "person_id": data["person_id"],
        "attendance_id": data["attendance_id"],
        "person_name": "",
        "title": "",
        "text": "",
        "author_name": "",
    }
    watches, role, more = _watches(session, data["person_id"]) if data["watchers"] else ([], WATCHER, False)
    letters = [(CUSTOMER, data["customer"])] if data["customer"] else []
    letters += [(RECIPIENT, address) for address in dict.fromkeys(data["to"])]
    mails = [delivery_for("preview", entry, watch, session.now) for watch in watches]
    sent = [email("preview", entry, address, "", "", session.now) for _, address in letters]
    reasons = session.find_refusals([*mails, *sent])
    members = [_watcher_member(session, role, *one) for one in zip(watches, mails, reasons[: len(mails)], strict=True)]
    members += [
        AudienceMember(kind, address, None, None, AT_ONCE, reason)
        for (kind, address), reason in zip(letters, reasons[len(mails) :], strict=True)
    ]
    if data["whatsapp"]:
        members.append(_whatsapp_member(session, entry, data["whatsapp"]))
    return {"items": members, "more": more}


def _whatsapp_member(session: NotificationsSession, entry: Data, number: str) -> AudienceMember:
    """Whether a free message may be sent to the number now."""
    message = message_to("preview", (entry["person_id"], entry["attendance_id"]), number, "", Content(), session.now)
    (reason,) = session.find_refusals([message])
    conversation = session.conversations.find(number)
    if reason is None and session.whatsapp_accounts.sending() is None:
        reason = "whatsapp_account_missing"
    elif reason is None and (conversation is None or not conversation.open_at(session.now)):
        reason = "whatsapp_window_closed"
    return AudienceMember(RECIPIENT, number, None, None, AT_ONCE, reason, WHATSAPP)


def _watches(session: NotificationsSession, person_id: str) -> tuple[list[Watch], str, bool]:
    """The watches of the person, or else the default list; their role; whether there are more."""
    found = list(islice(session.watches.of_person(person_id), MOST_NAMED + 1))
    if not found:
        return default_watches(session, person_id), DEFAULT_WATCHER, False
    return found[:MOST_NAMED], WATCHER, len(found) > MOST_NAMED


def _watcher_member(
    session: NotificationsSession, role: str, watch: Watch, mail: Delivery, reason: str | None
) -> AudienceMember:
    if watch.mode == MUTED:
        reason = MUTED_BY_USER
    elif not watch.tells(session.actor.id):
        reason = OWN_ACTION
    return AudienceMember(role, mail.recipient, watch.user_id, watch.user_name, watch.mode, reason)
