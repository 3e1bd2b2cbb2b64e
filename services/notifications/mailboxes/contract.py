"""Mailboxes that are read for answers (row N10)."""

from __future__ import annotations

from marshmallow import ValidationError, fields, validates_schema

from services.chassis.inputs import Choice, Code, EmailAddress, Flag, Line, Verbatim, Whole
from services.chassis.schemas import Result, Strict, UTCDateTime
from services.notifications.accounts.contract import HOST
from services.notifications.accounts.model import OWNERS, SECURITIES, TLS


class PutMailbox(Strict):
    """`password` may be left out where the server, the security and the user name stay as they are.

    `plus_addresses`: mails to name+anything arrive there, too. `authserv_id`: how the server names itself in
    Authentication-Results; without it a sender is never certain.
    """

    address = EmailAddress(required=True)
    host = Code(HOST, "Informe o nome ou o endereço do servidor.", required=True)
    port = Whole(1, 65_535, required=True)
    security = Choice(SECURITIES, load_default=TLS)
    username = Line(254, required=True)
    password = Verbatim(500, trimmed=False, load_default=None, allow_none=True)
    folder = Line(200, load_default="INBOX")
    plus_addresses = Flag(load_default=True)
    authserv_id = Line(254, load_default=None, allow_none=True)

    @validates_schema
    def folder_is_named(self, data: dict[str, object], **_: object) -> None:
        if not data["folder"]:
            raise ValidationError("Informe a pasta.", "folder")


class GetMailbox(Strict):
    pass


class RemoveMailbox(Strict):
    pass


class Trouble(Result):
    """`code` stays the same, `detail` says it in Portuguese; neither holds words of the server."""

    code = fields.String()
    detail = fields.String()
    at = UTCDateTime()


class Mailbox(Result):
    """Never with its password. `read_at`: when it was last read; `refused`: what the server said to the sign-in, since
    `refused_at`; `failures`: looks in a row that failed, 0 where the last one succeeded; `last_trouble`: what last kept
    it from being read, over or not."""

    owner = Choice(OWNERS)
    address = fields.String()
    host = fields.String()
    port = fields.Integer()
    security = Choice(SECURITIES)
    username = fields.String()
    folder = fields.String()
    plus_addresses = fields.Boolean()
    authserv_id = fields.String(allow_none=True)
    checked_at = UTCDateTime()
    read_at = UTCDateTime(allow_none=True)
    failures = fields.Integer()
    refused = fields.String(allow_none=True)
    refused_at = UTCDateTime(allow_none=True)
    last_trouble = fields.Nested(Trouble, allow_none=True)
    version = fields.Integer()


class RemovedMailbox(Result):
    removed = fields.Boolean()
