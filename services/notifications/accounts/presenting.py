"""The account that a mail goes through, as it is answered."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Any

from environs import Env

from services.notifications.accounts.model import INSTALLATION, Account


def installation_sender() -> str:
    """As it stands in From."""
    return Env().str("VINCULO_MAIL_FROM", "vinculo@localhost")


def sender_of(account: Account | None) -> dict[str, Any]:
    """None: the installation's."""
    if account is None:
        name, address = parseaddr(installation_sender())
        return {"owner": INSTALLATION, "address": address, "name": name}
    return {"owner": account.owner, "address": account.address, "name": account.name}
