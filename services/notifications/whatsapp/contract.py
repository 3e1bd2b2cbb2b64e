"""Messages over WhatsApp: sent to a person, received, and their windows (row N4)."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.chassis.inputs import Base64, Choice, Code, Cursor, Id, Line, Text, Whole
from services.chassis.phones import read_phone
from services.chassis.schemas import Result, Strict, UTCDateTime, page_of
from services.notifications.deliveries.contract import Delivery as Delivery
from services.notifications.deliveries.model import DELIVERY_STATUSES
from services.notifications.whatsapp.outgoing import LIMITS

MOST_TEXT, MOST_CAPTION, MOST_VALUE, MOST_VALUES = 4_096, 1_024, 1_024, 40
MOST_NUMBERS = 50
DIRECTIONS = SENT, RECEIVED = "sent", "received"


class Number(Line):
    """A phone in any form that people write; inside in E.164."""

    def __init__(self, **options: Any) -> None:
        super().__init__(60, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        phone = read_phone(super()._deserialize(value, attr, data, **kwargs))
        if phone is None or phone.extension:
            raise ValidationError("Informe um telefone com DDD, sem ramal.")
        return phone.number


class ChosenTemplate(Strict):
    """`values`: one for each of the template's variables."""

    name = Code(r"[a-z0-9_]{1,200}", "Informe o nome do modelo como na Meta.", required=True)
    language = Code(r"[A-Za-z_]{2,15}", load_default="pt_BR")
    values = fields.Dict(
        keys=Code(r"(header|body|button)\.[A-Za-z0-9_]{1,100}"),
        values=Line(MOST_VALUE, minimum=1),
        load_default=dict,
        validate=validate.Length(max=MOST_VALUES),
    )


class SendWhatsAppMessage(Strict):
    """A text, a template, or a file that was uploaded before, whose caption is the text; or a template that bears the
    file. `to`: a number of the person; `attendance_id`: what the message is about."""

    person_id = Id(required=True)
    to = Number(required=True)
    text = Text(MOST_TEXT, load_default="")
    template = fields.Nested(ChosenTemplate, load_default=None, allow_none=True)
    file_id = Id(minimum=0, load_default=None, allow_none=True)
    attendance_id = Id(minimum=0, load_default=None, allow_none=True)

    @validates_schema
    def is_one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        template, text = bool(data.get("template")), bool(data.get("text"))
        if (template and text) or not (template or text or data.get("file_id")):
            raise ValidationError("Envie um texto, um arquivo ou um modelo.", "text")
        if data.get("file_id") and len(data["text"]) > MOST_CAPTION:
            raise ValidationError(f"A legenda tem no máximo {MOST_CAPTION} caracteres.", "text")


class BeginWhatsAppUpload(Strict):
    name = Line(1000, required=True)


class AddWhatsAppUploadPart(Strict):
    upload_id = Id(required=True)
    number = Whole(0, 1_000, required=True)
    data = Base64(required=True)


class FinishWhatsAppUpload(Strict):
    upload_id = Id(required=True)


class WhatsAppUpload(Result):
    """`kind`: image, video, audio or document, by its content; `size` in bytes."""

    id = fields.String()
    name = fields.String()
    kind = Choice(tuple(LIMITS))
    media_type = fields.String()
    size = fields.Integer()


class ListWhatsAppMessages(Strict):
    person_id = Id(required=True)
    limit = Whole(1, 100, load_default=20)
    cursor = Cursor()


class WhatsAppMessage(Result):
    """`direction`: sent to the person, or received from them. `state` and `delivery_id` of a sent one, `message_id` of
    a received one; `file_names`: of the files it came with."""

    direction = fields.String(validate=validate.OneOf(DIRECTIONS))
    id = fields.String()
    number = fields.String()
    text = fields.String()
    at = UTCDateTime()
    state = fields.String(allow_none=True, validate=validate.OneOf(DELIVERY_STATUSES))
    last_error = fields.String(allow_none=True)
    attendance_id = fields.String(allow_none=True)
    file_names = fields.List(fields.String())


WhatsAppMessagePage = page_of(WhatsAppMessage, "WhatsAppMessagePage")


class GetWhatsAppFile(Strict):
    person_id = Id(required=True)
    message_id = Id(required=True)


class GetWhatsAppFilePart(GetWhatsAppFile):
    number = Whole(0, 1_000, required=True)


class WhatsAppFile(Result):
    """What a customer sent; `size` in bytes, `digest` SHA-256."""

    id = fields.String()
    name = fields.String()
    media_type = fields.String()
    size = fields.Integer()
    parts = fields.Integer()
    digest = fields.String()


class WhatsAppFilePart(Result):
    data = Base64()


class GetWhatsAppWindows(Strict):
    numbers = fields.List(Number(required=True), required=True, validate=validate.Length(max=MOST_NUMBERS))


class WhatsAppWindow(Result):
    """`open_until`: until when a free message may be sent; null where only a template may."""

    number = fields.String()
    open_until = UTCDateTime(allow_none=True)


class WhatsAppSender(Result):
    number = fields.String()
    name = fields.String()


class WhatsAppWindows(Result):
    """`sender`: the company's number; null where it has none."""

    sender = fields.Nested(WhatsAppSender, allow_none=True)
    windows = fields.List(fields.Nested(WhatsAppWindow))


class VerifyWhatsAppCallback(Strict):
    verify_token = Line(500, required=True)


class CallbackVerified(Result):
    verified = fields.Boolean()


class TakeWhatsAppCallback(Strict):
    """`body`: as it came, for the signature is of its bytes."""

    body = Base64(required=True)
    signature = Line(200, load_default="")


class CallbackTaken(Result):
    """How many states and messages it told of."""

    states = fields.Integer()
    messages = fields.Integer()
