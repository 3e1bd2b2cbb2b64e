"""marshmallow's messages about fields, in Portuguese: people read them in a problem's `fields`.

`install()` replaces marshmallow's own texts for all schemas; inputs.py calls it before it defines a field. A test finds
texts of marshmallow that are missing here.
"""

from __future__ import annotations

import re
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

_TEXT, _NUMBER = "Informe um texto.", "Informe um número."
_TEMPORAL = ("invalid", "invalid_awareness", "format")
_DATE_TIME = "Informe data e hora, como 2026-01-31T14:30:00-03:00."
_URL, _EMAIL = "Informe um endereço da web, como https://exemplo.com.br.", "Informe um endereço de e-mail válido."
_ADDRESS, _NETWORK = "Informe um endereço IP válido.", "Informe uma interface IP válida."
_FINITE = "Informe um número finito."
_ONE_OF, _FORBIDDEN = "Escolha um destes valores: {choices}.", "Este valor não é aceito."
_FILL, _INVALID = "Preencha este campo.", "Este valor não é válido."

SCHEMA = {"type": "Envie um objeto com campos.", "unknown": "Este campo não existe."}
FIELDS: dict[type[fields.Field[Any]], dict[str, str]] = {
    fields.Field: {"required": _FILL, "null": "Este campo não pode ser nulo.", "validator_failed": _INVALID},
    fields.Nested: {"type": SCHEMA["type"]},
    fields.List: {"invalid": "Envie uma lista."},
    fields.Tuple: {"invalid": "Envie uma lista."},
    fields.String: {"invalid": _TEXT, "invalid_utf8": "O texto não está em UTF-8."},
    fields.UUID: {"invalid_uuid": "Informe um UUID."},
    fields.Number: {"invalid": _NUMBER, "too_large": "O número é grande demais."},
    fields.Integer: {"invalid": "Informe um número inteiro."},
    fields.Float: {"special": _FINITE},
    fields.Decimal: {"special": _FINITE},
    fields.Boolean: {"invalid": "Informe true ou false."},
    fields.DateTime: dict.fromkeys(_TEMPORAL, _DATE_TIME),
    fields.Time: dict.fromkeys(_TEMPORAL, "Informe um horário, como 14:30."),
    fields.Date: dict.fromkeys(_TEMPORAL, "Informe uma data, como 2026-01-31."),
    fields.TimeDelta: {"invalid": "Informe uma duração.", "format": "Informe uma duração."},
    fields.Mapping: {"invalid": SCHEMA["type"]},
    fields.Url: {"invalid": _URL},
    fields.Email: {"invalid": _EMAIL},
    fields.IP: {"invalid_ip": _ADDRESS},
    fields.IPv4: {"invalid_ip": _ADDRESS},
    fields.IPv6: {"invalid_ip": _ADDRESS},
    fields.IPInterface: {"invalid_ip_interface": _NETWORK},
    fields.IPv4Interface: {"invalid_ip_interface": _NETWORK},
    fields.IPv6Interface: {"invalid_ip_interface": _NETWORK},
    fields.Enum: {"unknown": _ONE_OF},
}
VALIDATORS: dict[type[validate.Validator], dict[str, str]] = {
    validate.URL: {"default_message": _URL},
    validate.Email: {"default_message": _EMAIL},
    validate.Range: {
        "message_min": "Informe um valor {min_op} {{min}}.",
        "message_max": "Informe um valor {max_op} {{max}}.",
        "message_all": "Informe um valor {min_op} {{min}} e {max_op} {{max}}.",
        "message_gte": "maior ou igual a",
        "message_gt": "maior que",
        "message_lte": "menor ou igual a",
        "message_lt": "menor que",
    },
    # Of lists; texts have Characters.
    validate.Length: {
        "message_min": "Quantidade mínima: {min}.",
        "message_max": "Quantidade máxima: {max}.",
        "message_all": "Quantidade: de {min} a {max}.",
        "message_equal": "Quantidade exata: {equal}.",
    },
    validate.Equal: {"default_message": "Informe {other}."},
    validate.Regexp: {"default_message": "Formato inválido."},
    validate.Predicate: {"default_message": _INVALID},
    validate.NoneOf: {"default_message": _FORBIDDEN},
    validate.OneOf: {"default_message": _ONE_OF},
    validate.ContainsOnly: {"default_message": "Escolha somente entre estes valores: {choices}."},
    validate.ContainsNoneOf: {"default_message": "Estes valores não são aceitos: {values}."},
}
_MOST_CHARACTERS = re.compile(r"(?:no máximo|de \d+ a) (\d+) caracteres\.")


class Characters(validate.Length):
    """The length of a text."""

    message_min = "Use no mínimo {min} caracteres."
    message_max = "Use no máximo {max} caracteres."
    message_all = "Use de {min} a {max} caracteres."
    message_equal = "Use exatamente {equal} caracteres."

    def __init__(self, *bounds: Any, **named: Any) -> None:
        super().__init__(*bounds, **named)
        if not self.min:
            self.message_all = self.message_max

    def __call__(self, value: Any) -> Any:
        if self.min and not value:
            raise ValidationError(_FILL)
        return super().__call__(value)


def install() -> None:
    """Sets the messages of all fields, validators and schemas that are made from now on."""
    Schema.error_messages = SCHEMA
    for kind, texts in FIELDS.items():
        kind.default_error_messages = vars(kind).get("default_error_messages", {}) | texts
    for validator, texts in VALIDATORS.items():
        for name, text in texts.items():
            setattr(validator, name, text)


def most_characters(messages: str) -> int | None:
    """The greatest length of a text, where messages about a field say that it is too long; else None."""
    found = _MOST_CHARACTERS.search(messages)
    return int(found[1]) if found else None
