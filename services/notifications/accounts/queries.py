"""Reading mail accounts, and which one a user's mail goes through (rows N2, N5)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import query
from services.notifications.accounts import contract
from services.notifications.accounts.model import OF_COMPANY, USER, Account, Owner
from services.notifications.accounts.presenting import mails_a_day, sender_of
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


@query(
    takes=contract.GetMailAccount, gives=contract.MailUsage, needs="notifications.configure", section=CONFIGURATION
)  # fmt: skip
def get_mail_usage(session: NotificationsSession, data: Data) -> Data:
    """How much of a day's mails through the installation's account are used up."""
    day = session.now.replace(hour=0, minute=0, second=0, microsecond=0)
    limit = mails_a_day() or None
    used = min(session.accounts.used_of_day(day), limit) if limit else None
    return {"limit": limit, "used": used, "renewed_at": day + dt.timedelta(days=1)}


@query(takes=contract.GetMailAccount, gives=contract.Sender, needs="people.read", section=CONFIGURATION)
def get_mail_sender(session: NotificationsSession, data: Data) -> Data:
    """The account that a mail of the asking user goes through."""
    accounts = session.accounts
    return sender_of(accounts.find(Owner(USER, session.actor.id)) or accounts.find(OF_COMPANY))
