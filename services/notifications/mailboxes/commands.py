"""A user's own mailbox, and the company's (row N10)."""

from __future__ import annotations

import secrets
from typing import Any

from services.chassis.access.sealing import Safe
from services.chassis.access.sections import CONFIGURATION
from services.chassis.errors import Invalid
from services.chassis.handling.entrypoints import command
from services.notifications.accounts.commands import own
from services.notifications.accounts.model import OF_COMPANY, Owner
from services.notifications.mailboxes import contract
from services.notifications.mailboxes.checking import require_sign_in, secrets_of, server_of
from services.notifications.mailboxes.model import Mailbox
from services.notifications.session import NotificationsSession

Data = dict[str, Any]
KEY_BYTES = 32


def _check(session: NotificationsSession, owner: Owner, data: Data) -> Data:
    """The mailbox with its secrets encrypted, after a successful sign-in at its server.

    Without a new password the stored one is used, for the same server and user name only. The key of the reply
    addresses stays the same.
    """
    known, password = session.mailboxes.find(owner), data.pop("password")
    kept = secrets_of(session.company, known) if known else {"key": secrets.token_hex(KEY_BYTES)}
    sign_in = {name: data[name] for name in ("host", "port", "security", "username")}
    if password is None:
        if known is None or not known.same_sign_in(**sign_in):
            detail = "Informe a senha da caixa: ela vale só para o servidor e o usuário em que foi dada."
            raise Invalid("mail_password_missing", detail, fields={"password": [detail]})
        password = kept["password"]
    mailbox = Mailbox(
        id=owner.account_id,
        owner=owner.kind,
        user_id=owner.user_id,
        user_name=owner.user_name,
        sealed=Safe.of_installation().seal(session.company, {**kept, "password": password}),
        checked_at=session.now,
        version=known.version if known else 0,
        **data,
    )
    if known is not None:
        mailbox.continues(known)
    require_sign_in(server_of(mailbox, password), mailbox.folder)
    return {"mailbox": mailbox}


def _check_own(session: NotificationsSession, data: Data) -> Data:
    return _check(session, own(session), data)


def _check_company(session: NotificationsSession, data: Data) -> Data:
    return _check(session, OF_COMPANY, data)


def _save(tx: NotificationsSession, owner: Owner, mailbox: Mailbox) -> Mailbox:
    tx.mailboxes.find(owner)  # in the version that the caller saw: another one may have come since it was checked
    tx.after_commit.append(lambda: tx.mailboxes.forget(owner))
    return tx.mailboxes.save(mailbox, tx.now)


@command(
    takes=contract.PutMailbox, gives=contract.Mailbox, needs="people.own", section=CONFIGURATION, secret=True,
    before_transaction=_check_own,
)  # fmt: skip
def put_own_mailbox(tx: NotificationsSession, data: Data) -> Mailbox:
    """Stores the mailbox after a sign-in at its server. Raises Invalid: mail_password_missing and what checking.py
    raises; Conflict("secret_unstorable") where the installation has no key to encrypt it with.
    """
    return _save(tx, own(tx), data["mailbox"])


@command(
    takes=contract.PutMailbox, gives=contract.Mailbox, needs="notifications.configure", section=CONFIGURATION,
    secret=True, before_transaction=_check_company,
)  # fmt: skip
def put_company_mailbox(tx: NotificationsSession, data: Data) -> Mailbox:
    """As put_own_mailbox."""
    return _save(tx, OF_COMPANY, data["mailbox"])


def _remove(tx: NotificationsSession, owner: Owner) -> Data:
    tx.mailboxes.get(owner)
    tx.mailboxes.remove(owner)
    tx.after_commit.append(lambda: tx.mailboxes.forget(owner))
    return {"removed": True}


@command(takes=contract.RemoveMailbox, gives=contract.RemovedMailbox, needs="people.own", section=CONFIGURATION)
def remove_own_mailbox(tx: NotificationsSession, data: Data) -> Data:
    """Raises NotFound("mailbox_not_found")."""
    return _remove(tx, own(tx))


@command(
    takes=contract.RemoveMailbox, gives=contract.RemovedMailbox, needs="notifications.configure", section=CONFIGURATION
)  # fmt: skip
def remove_company_mailbox(tx: NotificationsSession, data: Data) -> Data:
    """Raises NotFound("mailbox_not_found")."""
    return _remove(tx, OF_COMPANY)
