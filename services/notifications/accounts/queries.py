"""Reading mail accounts, and which one a user's mail goes through (rows N2, N5)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import query
from services.notifications.accounts import contract
from services.notifications.accounts.model import OF_COMPANY, USER, Account, Owner
from services.notifications.accounts.presenting import sender_of
from services.notifications.session import NotificationsSession

Data = dict[str, Any]


@query(takes=contract.GetMailAccount, gives=contract.MailAccount, needs="people.own", section=CONFIGURATION)
def get_own_mail_account(session: NotificationsSession, data: Data) -> Account:
    """Raises NotFound("mail_account_not_found")."""
    return session.accounts.get(Owner(USER, session.actor.id))


@query(
    takes=contract.GetMailAccount, gives=contract.MailAccount, needs="notifications.configure", section=CONFIGURATION
)  # fmt: skip
def get_company_mail_account(session: NotificationsSession, data: Data) -> Account:
    """Raises NotFound("mail_account_not_found")."""
    return session.accounts.get(OF_COMPANY)


@query(takes=contract.GetMailAccount, gives=contract.Sender, needs="people.read", section=CONFIGURATION)
def get_mail_sender(session: NotificationsSession, data: Data) -> Data:
    """The account that a mail of the asking user goes through."""
    accounts = session.accounts
    return sender_of(accounts.find(Owner(USER, session.actor.id)) or accounts.find(OF_COMPANY))
