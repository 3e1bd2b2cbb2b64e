"""Reading mailboxes (row N10)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import query
from services.notifications.accounts.model import OF_COMPANY, USER, Owner
from services.notifications.mailboxes import contract
from services.notifications.mailboxes.model import Mailbox
from services.notifications.session import NotificationsSession

Data = dict[str, Any]


@query(takes=contract.GetMailbox, gives=contract.Mailbox, needs="people.own", section=CONFIGURATION)
def get_own_mailbox(session: NotificationsSession, data: Data) -> Mailbox:
    """Raises NotFound("mailbox_not_found")."""
    return session.mailboxes.get(Owner(USER, session.actor.id))


@query(takes=contract.GetMailbox, gives=contract.Mailbox, needs="notifications.configure", section=CONFIGURATION)
def get_company_mailbox(session: NotificationsSession, data: Data) -> Mailbox:
    """Raises NotFound("mailbox_not_found")."""
    return session.mailboxes.get(OF_COMPANY)
