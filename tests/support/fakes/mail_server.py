"""A mail server of a provider, on a real socket: asks for a sign-in, takes mails, says no when it is told to."""

from __future__ import annotations

import email
from email import policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.support.stack.ports import free_port


class MailServer:
    """`answer`: what it says to the next recipients in place of yes; None takes them."""

    def __init__(self, user: str = "ana@empresa.example", password: str = "segredo do correio") -> None:  # noqa: S107 (of a test)
        self.user, self.password = user, password
        self.mails: list[EmailMessage] = []
        self.signed_in: list[str] = []
        self.answer: str | None = None
        self.port = free_port()
        self._controller = Controller(
            self, "127.0.0.1", self.port, authenticator=self._authenticate, auth_required=True, auth_require_tls=False
        )
        self._controller.start()

    def account(self, **fields: Any) -> dict[str, Any]:
        """What its user types in."""
        return {
            "address": self.user, "name": "Ana da Padaria", "host": "127.0.0.1", "port": self.port,
            "security": "none", "username": self.user, "password": self.password, **fields,
        }  # fmt: skip

    def about(self, word: str) -> list[EmailMessage]:
        """The mails whose subject has the word."""
        return [mail for mail in list(self.mails) if word in str(mail["Subject"])]

    def close(self) -> None:
        self._controller.stop()

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:  # fmt: skip
        right = isinstance(data, LoginPassword) and data == LoginPassword(self.user.encode(), self.password.encode())
        if right:
            self.signed_in.append(mechanism)
        return AuthResult(success=right, handled=False)

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:  # fmt: skip
        if self.answer is not None:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's)
        content = envelope.content
        mail = email.message_from_bytes(content if isinstance(content, bytes) else b"", policy=policy.default)
        mail["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        mail["X-Envelope-From"] = envelope.mail_from or ""
        self.mails.append(mail)
        return "250 recebido"
