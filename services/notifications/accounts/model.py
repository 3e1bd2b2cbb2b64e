"""Mail accounts: what a user or a company sends from, its sign-in, and which one a mail goes through (rows N2, N5).

Pure. The password is kept sealed (chassis/access/sealing.py) and never shown.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from email.utils import formataddr

from services.chassis.errors import Invalid

OWNERS = USER, COMPANY, INSTALLATION = "user", "company", "installation"
# How the connection is encrypted: not, from the start, or once the server has agreed (RFC 3207), and then surely.
SECURITIES = NONE, TLS, STARTTLS = "none", "tls", "starttls"
# What the account may send in a minute unless its owner says otherwise: most providers take as much.
PER_MINUTE = 60


@dataclass(frozen=True)
class Owner:
    """`user_id` and `user_name` of a user's account; None of the company's."""

    kind: str
    user_id: str | None = None
    user_name: str | None = None

    @property
    def account_id(self) -> str:
        return f"{USER}-{self.user_id}" if self.user_id else self.kind


OF_COMPANY = Owner(COMPANY)


@dataclass
class Account:
    """A mail account. `refused`: the server's answer when it last refused the sign-in, None after a successful one.

    `version`: of what its owner set; what a sign-in leaves in it (`refused`) makes none, since no edit undoes it.
    """

    id: str
    owner: str
    user_id: str | None
    user_name: str | None
    address: str
    name: str
    host: str
    port: int
    security: str
    username: str
    sealed: str
    per_minute: int
    checked_at: dt.datetime
    refused: str | None = None
    refused_at: dt.datetime | None = None
    version: int = 0

    @property
    def sender(self) -> str:
        """The account's From header."""
        return formataddr((self.name, self.address))

    def same_sign_in(self, host: str, port: int, security: str, username: str) -> bool:
        """Whether the stored password may be used: for the same server and user name only."""
        return (self.host, self.port, self.security, self.username) == (host, port, security, username)


def account_refused(code: str, reason: str) -> Invalid:
    """Invalid with the code of why the account could not be used, as its owner reads it."""
    told = f" (“{reason}”)" if reason else ""  # the words of the server, in its language
    if code == "host_private":
        detail = "O servidor fica numa rede interna, que esta instalação não libera (VINCULO_OUTBOUND_ALLOWED)."
        return Invalid("mail_host_private", detail, fields={"host": [detail]})
    if code == "host_unknown":
        detail = "O endereço do servidor não foi encontrado."
        return Invalid("mail_host_unknown", detail, fields={"host": [detail]})
    if code == "account_refused":
        detail = f"O servidor recusou o usuário ou a senha{told}."
        return Invalid("mail_sign_in_refused", detail, fields={"password": [detail]})
    detail = f"Não foi possível entrar no servidor de e-mail: {code}{told}."
    return Invalid("mail_server_unreached", detail, fields={"host": [detail]})
