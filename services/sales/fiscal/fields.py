"""Fields of fiscal data (row S22), which refuse characters that a document would silently drop."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import ValidationError, fields
from stdnum.br import cnpj

from services.chassis.inputs import Code
from services.chassis.messages import Characters
from services.chassis.phones import read_phone
from services.sales.nfe.model.text import digits

LONGEST_REGISTRATION = 14
# As people write it.
PHONE_LENGTH = 60


def checked_cnpj(value: str) -> None:
    if not cnpj.is_valid(value):
        raise ValidationError("CNPJ inválido.")


def checked_registration(value: str) -> None:
    """Refuses letters: a document has only the digits, and they would be another registration."""
    if re.search(r"[^0-9./\s-]", value) or len(digits(value)) > LONGEST_REGISTRATION:
        raise ValidationError("A inscrição estadual tem só números, 14 no máximo.")


class CompanyPhone(fields.String):
    """E.164 without an extension, which an NF-e cannot hold; may be empty."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=Characters(max=PHONE_LENGTH), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        given: str = super()._deserialize(value, attr, data, **kwargs)
        if not given.strip():
            return ""
        phone = read_phone(given)
        if phone is None or phone.extension:
            raise ValidationError("Telefone inválido: informe o DDD e o número, sem ramal.")
        return phone.number


def pattern(expression: str, words: str) -> fields.String:
    return Code(expression.removeprefix("^").removesuffix("$"), words)
