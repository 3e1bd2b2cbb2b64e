"""A user's own mail account, and the company's (row N5)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sealing import Safe
from services.chassis.access.sections import CONFIGURATION
from services.chassis.errors import Invalid
from services.chassis.handling.entrypoints import command
from services.notifications.accounts import contract
from services.notifications.accounts.checking import password_of, require_sign_in, server_of
from services.notifications.accounts.model import OF_COMPANY, USER, Account, Owner
from services.notifications.accounts.presenting import sender_of
from services.notifications.session import NotificationsSession

Data = dict[str, Any]


def own(session: NotificationsSession) -> Owner:
    return Owner(USER, session.actor.id, session.actor.name)


def _check(session: NotificationsSession, owner: Owner, data: Data) -> Data:
    """The account with its password encrypted, after a successful sign-in at its server.

    Without a new password the stored one is used, for the same server and user name only.
    """
    known, password = session.accounts.find(owner), data.pop("password")
    sign_in = {name: data[name] for name in ("host", "port", "security", "username")}
    if password is None and data["username"]:
        if known is None or not known.same_sign_in(**sign_in):
            detail = "Informe a senha da conta: ela vale só para o servidor e o usuário em que foi dada."
            raise Invalid("mail_password_missing", detail, fields={"password": [detail]})
        password = password_of(session.company, known)
    sealed = Safe.of_installation().seal(session.company, {"password": password or ""})
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
    require_sign_in(server_of(account, password or ""))
    return {"account": account}


def _check_own(session: NotificationsSession, data: Data) -> Data:
    return _check(session, own(session), data)


def _check_company(session: NotificationsSession, data: Data) -> Data:
    return _check(session, OF_COMPANY, data)


def _save(tx: NotificationsSession, owner: Owner, account: Account) -> Account:
    tx.accounts.find(owner)  # in the version that the caller saw: another one may have come since it was checked
    tx.after_commit.append(lambda: tx.accounts.forget(owner))
    return tx.accounts.save(account)


@command(
    takes=contract.PutMailAccount, gives=contract.MailAccount, needs="people.own", section=CONFIGURATION, secret=True,
    before_transaction=_check_own,
)  # fmt: skip
def put_own_mail_account(tx: NotificationsSession, data: Data) -> Account:
    """Stores the account after a sign-in at its server. Raises Invalid: mail_password_missing and what checking.py
    raises; Conflict("secret_unstorable") where the installation has no key to encrypt it with.
    """
    return _save(tx, own(tx), data["account"])


@command(
    takes=contract.PutMailAccount, gives=contract.MailAccount, needs="notifications.configure", section=CONFIGURATION,
    secret=True, before_transaction=_check_company,
)  # fmt: skip
def put_company_mail_account(tx: NotificationsSession, data: Data) -> Account:
    """As put_own_mail_account."""
    return _save(tx, OF_COMPANY, data["account"])


def _remove(tx: NotificationsSession, owner: Owner) -> Data:
    tx.accounts.get(owner)
    tx.accounts.remove(owner)
    tx.after_commit.append(lambda: tx.accounts.forget(owner))
    return {"sender": sender_of(tx.accounts.find(OF_COMPANY) if owner.user_id else None)}


@command(
    takes=contract.RemoveMailAccount, gives=contract.RemovedMailAccount, needs="people.own", section=CONFIGURATION
)  # fmt: skip
def remove_own_mail_account(tx: NotificationsSession, data: Data) -> Data:
    """Raises NotFound("mail_account_not_found")."""
    return _remove(tx, own(tx))


@command(
    takes=contract.RemoveMailAccount,
    gives=contract.RemovedMailAccount,
    needs="notifications.configure",
    section=CONFIGURATION,
)
def remove_company_mail_account(tx: NotificationsSession, data: Data) -> Data:
    """Raises NotFound("mail_account_not_found")."""
    return _remove(tx, OF_COMPANY)
