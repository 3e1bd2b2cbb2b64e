"""Reading the company's WhatsApp account and its message templates (row N4)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import query
from services.notifications.session import NotificationsSession
from services.notifications.whatsapp_accounts import contract
from services.notifications.whatsapp_accounts.presenting import account_data

Data = dict[str, Any]


@query(
    takes=contract.GetWhatsAppAccount,
    gives=contract.WhatsAppAccount,
    needs="notifications.configure",
    section=CONFIGURATION,
)
def get_whatsapp_account(session: NotificationsSession, data: Data) -> Data:
    """Raises NotFound("whatsapp_account_not_found")."""
    return account_data(session.company, session.whatsapp_accounts.get())


@query(
    takes=contract.ListWhatsAppTemplates,
    gives=contract.WhatsAppTemplatePage,
    needs="notifications.read",
    section=CONFIGURATION,
)
def list_whatsapp_templates(session: NotificationsSession, data: Data) -> Data:
    """By name; none without an account. Raises Invalid("cursor_invalid")."""
    return session.whatsapp_accounts.page(**data)
