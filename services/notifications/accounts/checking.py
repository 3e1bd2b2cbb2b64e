"""Checks of a mail account before it is stored: a real sign-in at its server."""

from __future__ import annotations

from environs import Env

from services.chassis.access.sealing import Safe
from services.chassis.errors import Invalid
from services.notifications.accounts.model import NONE, Account, account_refused
from services.notifications.mail.smtp import Server, try_sign_in
from services.notifications.outbound.addresses import Reach, Unreachable

# Within the deadline of the request.
CHECK_SECONDS = 3.5


def reach() -> Reach:
    """The hosts and networks that accounts may have besides public addresses (VINCULO_OUTBOUND_ALLOWED)."""
    return Reach.of(Env().list("VINCULO_OUTBOUND_ALLOWED", []) or [])


def server_of(account: Account, password: str) -> Server:
    return Server(account.host, account.port, account.security, account.username, password, reach())


def password_of(company: str, account: Account) -> str:
    """Raises Conflict("secret_unstorable") where no key of the installation opens it."""
    return Safe.of_installation().unseal(company, account.sealed)["password"]


def require_sign_in(server: Server) -> None:
    """Signs in once. Raises Invalid: mail_sign_in_refused, mail_host_private, mail_host_unknown, mail_server_unreached,
    mail_password_in_clear."""
    try:
        server.address()
    except Unreachable as error:
        raise account_refused(error.code, "") from error
    allowed = server.reach is not None and server.reach.names_host(server.host)
    if server.security == NONE and server.password and not allowed:
        detail = "Use TLS ou STARTTLS: sem eles a senha viajaria aberta."
        raise Invalid("mail_password_in_clear", detail, fields={"security": [detail]})
    failure = try_sign_in(server, CHECK_SECONDS)
    if failure is not None:
        raise account_refused(failure.code, failure.reason)
