"""A user's own mail account, and the company's (row N5)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sealing import Safe
from services.chassis.access.sections import CONFIGURATION
from services.chassis.errors import Invalid
from services.chassis.handling.entrypoints import command
from services.notifications.accounts import contract
from services.notifications.accounts.checking import password_of, refuse_unless_let_in, server_of
from services.notifications.accounts.model import OF_COMPANY, USER, Account, Owner
from services.notifications.accounts.presenting import sender_of
from services.notifications.session import NotificationsSession

Data = dict[str, Any]


def own(session: NotificationsSession) -> Owner:
    return Owner(USER, session.actor.id, session.actor.name)


def _ready(session: NotificationsSession, owner: Owner, data: Data) -> Data:
    """The data with the account's password sealed, once its server has let us in."""
    known, password = session.accounts.find(owner), data.pop("password")
    door = {name: data[name] for name in ("host", "port", "security", "username")}
    if password is None and data["username"]:
        if known is None or not known.same_door(**door):
            detail = "Informe a senha da conta: ela vale só para o servidor e o usuário em que foi dada."
            raise Invalid("mail_password_missing", detail, fields={"password": [detail]})
        password = password_of(session.company, known)
    sealed = Safe.of_installation().sealed(session.company, {"password": password or ""})
    account = Account(
        id=owner.account_id,
        owner=owner.kind,
        user_id=owner.user_id,
        user_name=owner.user_name,
        sealed=sealed,
        checked_at=session.now,
        version=known.version if known else 0,
        **data,
    )
    refuse_unless_let_in(server_of(account, password or ""))
    return {"account": account}


def _own_ready(session: NotificationsSession, data: Data) -> Data:
    return _ready(session, own(session), data)


def _company_ready(session: NotificationsSession, data: Data) -> Data:
    return _ready(session, OF_COMPANY, data)


def _saved(tx: NotificationsSession, owner: Owner, account: Account) -> Account:
    tx.after_commit.append(lambda: tx.accounts.forget(owner))
    return tx.accounts.save(account)


@command(
    takes=contract.PutMailAccount, gives=contract.MailAccount, needs="people.own", section=CONFIGURATION, secret=True,
    before_transaction=_own_ready,
)  # fmt: skip
def put_own_mail_account(tx: NotificationsSession, data: Data) -> Account:
    """Signed in at its server before it is kept. Raises Invalid: mail_password_missing and what checking.py raises;
    Conflict("secret_unstorable") where the installation has no key to keep it under."""
    return _saved(tx, own(tx), data["account"])


@command(
    takes=contract.PutMailAccount, gives=contract.MailAccount, needs="notifications.configure", section=CONFIGURATION,
    secret=True, before_transaction=_company_ready,
)  # fmt: skip
def put_company_mail_account(tx: NotificationsSession, data: Data) -> Account:
    """As put_own_mail_account."""
    return _saved(tx, OF_COMPANY, data["account"])


def _removed(tx: NotificationsSession, owner: Owner) -> Data:
    tx.accounts.remove(owner)
    tx.after_commit.append(lambda: tx.accounts.forget(owner))
    return {"sender": sender_of(tx.accounts.find(OF_COMPANY) if owner.user_id else None)}


@command(
    takes=contract.RemoveMailAccount, gives=contract.RemovedMailAccount, needs="people.own", section=CONFIGURATION
)  # fmt: skip
def remove_own_mail_account(tx: NotificationsSession, data: Data) -> Data:
    """Raises NotFound("mail_account_not_found")."""
    return _removed(tx, own(tx))


@command(
    takes=contract.RemoveMailAccount,
    gives=contract.RemovedMailAccount,
    needs="notifications.configure",
    section=CONFIGURATION,
)
def remove_company_mail_account(tx: NotificationsSession, data: Data) -> Data:
    """Raises NotFound("mail_account_not_found")."""
    return _removed(tx, OF_COMPANY)
