"""The account of a user's mails as response data."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Any

from environs import Env
from marshmallow import validate

from services.notifications.accounts.model import INSTALLATION, Account


def installation_sender() -> str:
    """The From header of the installation's mails."""
    return Env().str("VINCULO_MAIL_FROM", "vinculo@localhost")


def mails_a_day() -> int:
    """How many mails a company may send through the installation's account in a day (UTC); 0: any number."""
    return Env().int("VINCULO_COMPANY_MAILS_A_DAY", 0, validate=validate.Range(min=0))


def sender_of(account: Account | None) -> dict[str, Any]:
    """The account as response data; None stands for the installation's."""
    if account is None:
        name, address = parseaddr(installation_sender())
        return {"owner": INSTALLATION, "address": address, "name": name}
    return {"owner": account.owner, "address": account.address, "name": account.name}
