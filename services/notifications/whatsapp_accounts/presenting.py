"""The WhatsApp account as response data."""

from __future__ import annotations

from typing import Any

from services.notifications.whatsapp_accounts.model import WhatsAppAccount

CALLBACKS = "/whatsapp"


def account_data(company: str, account: WhatsAppAccount) -> dict[str, Any]:
    return {**vars(account), "callback_path": f"{CALLBACKS}/{company}"}
