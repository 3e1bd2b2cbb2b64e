"""The company as its documents show it (rows S12, S25)."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, post_load
from stdnum.br import cnpj, cpf

from services.chassis.inputs import Code, EmailAddress, Line, Text, Verbatim
from services.chassis.schemas import Result, Strict
from services.sales.fiscal.fields import CompanyPhone
from services.sales.letterhead.model import LOGO_LENGTH


def _checked_document(value: str) -> None:
    if value and not (cnpj.is_valid(value) or cpf.is_valid(value)):
        raise ValidationError("CPF ou CNPJ inválido.")


class OptionalEmail(EmailAddress):
    """An e-mail address, or empty."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> str:
        return "" if value == "" else str(super()._deserialize(value, attr, data, **kwargs))


class ChangeLetterhead(Strict):
    """Changes the given fields only. `logo`: a PNG or JPEG as a data URL, or empty.

    `conditions`: printed under quotes.
    """

    logo = Verbatim(LOGO_LENGTH)
    legal_name = Line(150)
    document = Line(20, validate=_checked_document)
    phone = CompanyPhone()
    email = OptionalEmail()
    site = Code(r"(https?://[!-~]{1,190})?", "Informe o endereço com https://.")
    address = Line(200)
    conditions = Text(4_000)

    @post_load
    def compact(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**data, "document": cnpj.compact(data["document"])} if "document" in data else data


class GetLetterhead(Strict):
    pass


class Letterhead(Result):
    logo = fields.String()
    legal_name = fields.String()
    document = fields.String()
    phone = fields.String()
    email = fields.String()
    site = fields.String()
    address = fields.String()
    conditions = fields.String()
    version = fields.Integer()
