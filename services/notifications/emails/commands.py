"""Sending an e-mail to a person (row N2)."""

from __future__ import annotations

from typing import Any

from services.chassis.handling.entrypoints import command
from services.notifications.deliveries.mails import letters_to
from services.notifications.emails import contract
from services.notifications.session import NotificationsSession


@command(
    takes=contract.SendPersonEmail, gives=contract.SentEmails, needs="notifications.write", section="attendances"
)  # fmt: skip
def send_person_email(tx: NotificationsSession, data: dict[str, Any]) -> dict[str, Any]:
    """Through the user's account, else the company's, else the installation's, when it is sent.

    Raises NotFound("person_not_found"), Conflict("person_erased").
    """
    person = tx.persons.get(data["person_id"])
    to = list(dict.fromkeys(data["to"]))
    about = (person["_id"], None)
    mails, enclosure = letters_to(tx.new_id(), to, data["subject"], data["text"], [], about, tx.now, tx.actor.id)
    tx.enclosures.insert(enclosure)
    for mail in mails:
        tx.queue(mail)
    return {"items": mails}
