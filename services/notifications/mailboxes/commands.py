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
from services.notifications.mailboxes.checking import refuse_unless_let_in, secrets_of, server_of
from services.notifications.mailboxes.model import Mailbox
from services.notifications.session import NotificationsSession

Data = dict[str, Any]
KEY_BYTES = 32


def _ready(session: NotificationsSession, owner: Owner, data: Data) -> Data:
    """The data with its secrets sealed, once its server has let us in. The key of reply addresses stays."""
    known, password = session.mailboxes.find(owner), data.pop("password")
    kept = secrets_of(session.company, known) if known else {"key": secrets.token_hex(KEY_BYTES)}
    door = {name: data[name] for name in ("host", "port", "security", "username")}
    if password is None:
        if known is None or not known.same_door(**door):
            detail = "Informe a senha da caixa: ela vale só para o servidor e o usuário em que foi dada."
            raise Invalid("mail_password_missing", detail, fields={"password": [detail]})
        password = kept["password"]
    mailbox = Mailbox(
        id=owner.account_id,
        owner=owner.kind,
        user_id=owner.user_id,
        user_name=owner.user_name,
        sealed=Safe.of_installation().sealed(session.company, {**kept, "password": password}),
        checked_at=session.now,
        version=known.version if known else 0,
        **data,
    )
    if known is not None:
        mailbox.continues(known)
    refuse_unless_let_in(server_of(mailbox, password), mailbox.folder)
    return {"mailbox": mailbox}


def _own_ready(session: NotificationsSession, data: Data) -> Data:
    return _ready(session, own(session), data)


def _company_ready(session: NotificationsSession, data: Data) -> Data:
    return _ready(session, OF_COMPANY, data)


def _saved(tx: NotificationsSession, owner: Owner, mailbox: Mailbox) -> Mailbox:
    tx.after_commit.append(lambda: tx.mailboxes.forget(owner))
    return tx.mailboxes.save(mailbox, tx.now)


@command(
    takes=contract.PutMailbox, gives=contract.Mailbox, needs="people.own", section=CONFIGURATION, secret=True,
    before_transaction=_own_ready,
)  # fmt: skip
def put_own_mailbox(tx: NotificationsSession, data: Data) -> Mailbox:
    """Signed in at its server before it is kept. Raises Invalid: mail_password_missing and what checking.py raises;
    Conflict("secret_unstorable") where the installation has no key to keep it under."""
    return _saved(tx, own(tx), data["mailbox"])


@command(
    takes=contract.PutMailbox, gives=contract.Mailbox, needs="notifications.configure", section=CONFIGURATION,
    secret=True, before_transaction=_company_ready,
)  # fmt: skip
def put_company_mailbox(tx: NotificationsSession, data: Data) -> Mailbox:
    """As put_own_mailbox."""
    return _saved(tx, OF_COMPANY, data["mailbox"])


def _removed(tx: NotificationsSession, owner: Owner) -> Data:
    tx.mailboxes.remove(owner)
    tx.after_commit.append(lambda: tx.mailboxes.forget(owner))
    return {"removed": True}


@command(takes=contract.RemoveMailbox, gives=contract.RemovedMailbox, needs="people.own", section=CONFIGURATION)
def remove_own_mailbox(tx: NotificationsSession, data: Data) -> Data:
    """Raises NotFound("mailbox_not_found")."""
    return _removed(tx, own(tx))


@command(
    takes=contract.RemoveMailbox, gives=contract.RemovedMailbox, needs="notifications.configure", section=CONFIGURATION
)  # fmt: skip
def remove_company_mailbox(tx: NotificationsSession, data: Data) -> Data:
    """Raises NotFound("mailbox_not_found")."""
    return _removed(tx, OF_COMPANY)
