"""The company's WhatsApp account: asked at the API before it is kept, and its templates read from there (row N4)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sealing import Safe
from services.chassis.access.sections import CONFIGURATION
from services.chassis.errors import Invalid
from services.chassis.handling.entrypoints import command
from services.chassis.texts import one_line
from services.notifications.session import NotificationsSession
from services.notifications.whatsapp_accounts import contract
from services.notifications.whatsapp_accounts.checking import api_of, look_up, secrets_of
from services.notifications.whatsapp_accounts.model import SECRETS, WHATSAPP, WhatsAppAccount
from services.notifications.whatsapp_accounts.presenting import account_data

Data = dict[str, Any]
# Of what the API calls the number, in characters.
MOST_SHOWN = 200


def _check_account(session: NotificationsSession, data: Data) -> Data:
    """The account with its secrets encrypted, and its templates, both read from the API."""
    known = session.whatsapp_accounts.find()
    secrets = _secrets(session.company, known, {name: data.pop(name) for name in SECRETS})
    account = WhatsAppAccount(
        id=WHATSAPP,
        number="",
        name="",
        sealed=Safe.of_installation().seal(session.company, secrets),
        checked_at=session.now,
        version=known.version if known else 0,
        **data,
    )
    number, templates = look_up(api_of(account, secrets))
    account.number = one_line(str(number.get("display_phone_number", "")))[:MOST_SHOWN]
    account.name = one_line(str(number.get("verified_name", "")))[:MOST_SHOWN]
    return {"account": account, "templates": templates}


def _secrets(company: str, known: WhatsAppAccount | None, given: dict[str, str | None]) -> dict[str, str]:
    """The given secrets, completed by the stored ones; raises Invalid("whatsapp_secret_missing")."""
    kept = secrets_of(company, known) if known and None in given.values() else {}
    found = {name: value or kept.get(name, "") for name, value in given.items()}
    missing = {name: ["Informe este segredo da conta."] for name, value in found.items() if not value}
    if missing:
        raise Invalid("whatsapp_secret_missing", "Falta um segredo da conta.", fields=missing)
    return found


@command(
    takes=contract.PutWhatsAppAccount, gives=contract.WhatsAppAccount, needs="notifications.configure",
    section=CONFIGURATION, secret=True, before_transaction=_check_account,
)  # fmt: skip
def put_whatsapp_account(tx: NotificationsSession, data: Data) -> Data:
    """Raises Invalid: whatsapp_secret_missing and what checking.py raises; Conflict("secret_unstorable")."""
    accounts = tx.whatsapp_accounts
    accounts.find()  # in the version that the caller saw: another one may have come since it was checked
    tx.after_commit.append(accounts.forget)
    accounts.put_templates(data["templates"])
    return account_data(tx.company, accounts.save(data["account"]))


@command(
    takes=contract.RemoveWhatsAppAccount,
    gives=contract.RemovedWhatsAppAccount,
    needs="notifications.configure",
    section=CONFIGURATION,
)
def remove_whatsapp_account(tx: NotificationsSession, data: Data) -> WhatsAppAccount:
    """What waits to be sent is then dead. Raises NotFound("whatsapp_account_not_found")."""
    account = tx.whatsapp_accounts.get()
    tx.after_commit.append(tx.whatsapp_accounts.forget)
    tx.whatsapp_accounts.remove()
    return account


def _fetch_templates(session: NotificationsSession, data: Data) -> Data:
    account = session.whatsapp_accounts.get()
    _, templates = look_up(api_of(account, secrets_of(session.company, account)))
    return {"templates": templates}


@command(
    takes=contract.ReadWhatsAppTemplates, gives=contract.ReadTemplates, needs="notifications.configure",
    section=CONFIGURATION, before_transaction=_fetch_templates,
)  # fmt: skip
def read_whatsapp_templates(tx: NotificationsSession, data: Data) -> Data:
    """From the API, in the place of those that were known. Raises NotFound("whatsapp_account_not_found"), Invalid as
    put_whatsapp_account does."""
    tx.whatsapp_accounts.put_templates(data["templates"])
    return {"count": len(data["templates"])}
