"""Checks of a mailbox before it is stored: a real sign-in at its server."""

from __future__ import annotations

from services.chassis.access.sealing import Safe
from services.chassis.errors import Invalid
from services.notifications.accounts.checking import CHECK_SECONDS, reach
from services.notifications.accounts.model import NONE, account_refused
from services.notifications.mail.smtp import Server
from services.notifications.mailboxes.model import Mailbox
from services.notifications.mailboxes.reading import try_sign_in
from services.notifications.mailboxes.troubles import FOLDER_MISSING, sentence_of
from services.notifications.outbound.addresses import Unreachable


def server_of(mailbox: Mailbox, password: str) -> Server:
    return Server(mailbox.host, mailbox.port, mailbox.security, mailbox.username, password, reach())


def secrets_of(company: str, mailbox: Mailbox) -> dict[str, str]:
    """`password`, and `key` of the reply addresses; raises Conflict("secret_unstorable")."""
    return Safe.of_installation().unseal(company, mailbox.sealed)


def reply_key(company: str, mailbox: Mailbox) -> bytes:
    """Of the company's reply addresses; in a user's mailbox there are none. Raises Conflict("secret_unstorable")."""
    return b"" if mailbox.of_user else bytes.fromhex(secrets_of(company, mailbox)["key"])


def require_sign_in(server: Server, folder: str) -> None:
    """Raises Invalid: mail_sign_in_refused, mail_host_private, mail_host_unknown, mail_server_unreached,
    mail_folder_missing, mail_password_in_clear."""
    try:
        server.address()
    except Unreachable as error:
        raise account_refused(error.code, "") from error
    allowed = server.reach is not None and server.reach.names_host(server.host)
    if server.security == NONE and not allowed:
        detail = "Use TLS ou STARTTLS: sem eles a senha viajaria aberta."
        raise Invalid("mail_password_in_clear", detail, fields={"security": [detail]})
    failure = try_sign_in(server, folder, CHECK_SECONDS)
    if failure == FOLDER_MISSING:
        raise Invalid("mail_folder_missing", sentence_of(failure), fields={"folder": [sentence_of(failure)]})
    if failure is not None:
        raise account_refused(failure, "")
