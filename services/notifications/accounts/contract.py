"""Mail accounts of users and of the company (row N5), and the one that a mail goes through (row N2)."""

from __future__ import annotations

from marshmallow import ValidationError, fields, validates_schema

from services.chassis.inputs import Choice, Code, EmailAddress, Line, Verbatim, Whole
from services.chassis.schemas import Result, Strict, UTCDateTime
from services.notifications.accounts.model import OWNERS, PER_MINUTE, SECURITIES, TLS

HOST = r"[A-Za-z0-9]([A-Za-z0-9._:-]{0,251}[A-Za-z0-9])?"


class PutMailAccount(Strict):
    """`password` may be left out where the server, the security and the user name stay as they are.

    `name` is what recipients read beside the address.
    """

    address = EmailAddress(required=True)
    name = Line(80, load_default="")
    host = Code(HOST, "Informe o nome ou o endereço do servidor.", required=True)
    port = Whole(1, 65_535, required=True)
    security = Choice(SECURITIES, load_default=TLS)
    username = Line(254, load_default="")
    password = Verbatim(500, trimmed=False, load_default=None, allow_none=True)
    per_minute = Whole(1, 6_000, load_default=PER_MINUTE)

    @validates_schema
    def password_has_a_user(self, data: dict[str, object], **_: object) -> None:
        if data.get("password") and not data["username"]:
            raise ValidationError("Informe o usuário da conta.", "username")


class GetMailAccount(Strict):
    pass


class RemoveMailAccount(Strict):
    pass


class MailAccount(Result):
    """Never with its password. `refused`: what the server said when it refused the sign-in, since `refused_at`."""

    owner = Choice(OWNERS)
    address = fields.String()
    name = fields.String()
    host = fields.String()
    port = fields.Integer()
    security = Choice(SECURITIES)
    username = fields.String()
    per_minute = fields.Integer()
    checked_at = UTCDateTime(allow_none=True)
    refused = fields.String(allow_none=True)
    refused_at = UTCDateTime(allow_none=True)
    version = fields.Integer()


class Sender(Result):
    """`owner`: whose account it is: the user's own, else the company's, else the installation's."""

    owner = Choice(OWNERS)
    address = fields.String()
    name = fields.String()


class MailUsage(Result):
    """Mails of the company through the installation's account: how many a day may be sent, how many places of today are
    taken (null, both: no limit), and when the next day begins."""

    limit = fields.Integer(allow_none=True)
    used = fields.Integer(allow_none=True)
    renewed_at = UTCDateTime()


class RemovedMailAccount(Result):
    """The account that mails go through from now on."""

    sender = fields.Nested(Sender)
