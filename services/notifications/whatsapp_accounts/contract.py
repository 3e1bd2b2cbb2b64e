"""The company's WhatsApp account and its message templates (row N4)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Choice, Code, Cursor, Verbatim, Whole
from services.chassis.schemas import Result, Strict, UTCDateTime, page_of
from services.notifications.whatsapp_accounts.model import FILE_NAMES, PER_MINUTE

API_ID = r"[0-9]{5,25}"
DIGITS = "Informe só os algarismos, como no painel da Meta."


class PutWhatsAppAccount(Strict):
    """The secrets may be left out where they stay as they are. `verify_token` is what the company types in at Meta, for
    the callbacks to be accepted there. `per_minute`: messages a minute."""

    phone_number_id = Code(API_ID, DIGITS, required=True)
    business_account_id = Code(API_ID, DIGITS, required=True)
    access_token = Verbatim(1_000, minimum=20, load_default=None, allow_none=True)
    app_secret = Verbatim(200, minimum=16, load_default=None, allow_none=True)
    verify_token = Verbatim(200, minimum=8, load_default=None, allow_none=True)
    per_minute = Whole(1, 6_000, load_default=PER_MINUTE)


class GetWhatsAppAccount(Strict):
    pass


class RemoveWhatsAppAccount(Strict):
    pass


class ReadWhatsAppTemplates(Strict):
    pass


class WhatsAppAccount(Result):
    """Never with its secrets. `refused`: what the API said when it last refused the account, since `refused_at`.
    `callback_path`: where WhatsApp's callbacks go, at the address of this API."""

    phone_number_id = fields.String()
    business_account_id = fields.String()
    number = fields.String()
    name = fields.String()
    per_minute = fields.Integer()
    callback_path = fields.String()
    checked_at = UTCDateTime()
    refused = fields.String(allow_none=True)
    refused_at = UTCDateTime(allow_none=True)
    version = fields.Integer()


class RemovedWhatsAppAccount(Result):
    number = fields.String()


class ListWhatsAppTemplates(Strict):
    limit = Whole(1, 100, load_default=20)
    cursor = Cursor()


class WhatsAppTemplate(Result):
    """`variables`: the values to give, by their part and name or position; those of buttons are where its link ends, or
    the code to copy. `file`: the kind of file to send with it. `sendable` is false where it needs something else."""

    name = fields.String()
    language = fields.String()
    category = fields.String()
    text = fields.String()
    variables = fields.List(fields.String())
    file = Choice(tuple(FILE_NAMES), allow_none=True)
    sendable = fields.Boolean()


WhatsAppTemplatePage = page_of(WhatsAppTemplate, "WhatsAppTemplatePage")


class ReadTemplates(Result):
    """How many approved templates there are."""

    count = fields.Integer()
