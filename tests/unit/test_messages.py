"""What a person reads of a field that was refused."""

from __future__ import annotations

from decimal import Decimal as Number
from typing import Any

import pytest
from marshmallow import ValidationError, fields, validate

from services.chassis import messages
from services.chassis.errors import Invalid
from services.chassis.inputs import Choice, Code, Day, Decimal, EmailAddress, Flag, Id, Line, Moment, Whole
from services.chassis.schemas import Strict, json_object, load


class Part(Strict):
    amount = Decimal(places=2, maximum=Number(10))


class Document(Strict):
    id = Id(required=True)
    name = Line(5)
    code = Code("[0-9]{2}")
    kind = Choice(("a", "b"))
    email = EmailAddress()
    count = Whole(1, 9)
    many = Whole(choices=(1, 2))
    sure = Flag()
    day = Day()
    at = Moment()
    names = fields.List(Line(5), validate=validate.Length(max=2))
    few = fields.List(Line(5), validate=validate.Length(min=1))
    parts = fields.List(fields.Nested(Part))
    free = json_object()


def told(document: Any) -> dict[str, Any]:
    with pytest.raises(Invalid) as refused:
        load(Document, document)
    assert refused.value.code == "input_invalid"
    found: dict[str, Any] = refused.value.params["fields"]
    return found


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("id", None, "Este campo não pode ser nulo."),
        ("id", "", "Preencha este campo."),
        ("id", "x" * 65, "Use de 1 a 64 caracteres."),
        ("name", 7, "Informe um texto."),
        ("name", "seis 6", "Use no máximo 5 caracteres."),
        ("code", "x", "Formato inválido."),
        ("kind", "c", "Escolha um destes valores: a, b."),
        ("email", "a" * 250 + "@example.com", "Endereço de e-mail inválido."),
        ("count", "x", "Informe um número inteiro."),
        ("count", 10, "Informe um valor maior ou igual a 1 e menor ou igual a 9."),
        ("many", 3, "Escolha um destes valores: 1, 2."),
        ("sure", "sim", "Informe true ou false."),
        ("day", "31/01/2026", "Informe uma data, como 2026-01-31."),
        ("at", "ontem", "Informe data e hora, como 2026-01-31T14:30:00-03:00."),
        ("names", "x", "Envie uma lista."),
        ("names", ["a", "b", "c"], "Quantidade máxima: 2."),
        ("few", [], "Quantidade mínima: 1."),
        ("free", [], "Envie um objeto com campos."),
        ("parts", [7], {0: {"_schema": ["Envie um objeto com campos."]}}),
        ("parts", [{"amount": "x"}], {0: {"amount": ["Informe um número."]}}),
        ("parts", [{"x": 1}], {0: {"x": ["Este campo não existe."]}}),
        ("x", 1, "Este campo não existe."),
    ],
)
def test_what_is_wrong_with_a_field_is_said_in_portuguese(name: str, value: Any, message: Any) -> None:
    found = told({"id": "1", name: value})
    assert found == {name: [message] if isinstance(message, str) else message}


def test_what_is_missing_and_what_is_no_object_are_said_in_portuguese() -> None:
    assert told({}) == {"id": ["Preencha este campo."]}
    assert told([]) == {"_schema": ["Envie um objeto com campos."]}


@pytest.mark.parametrize(
    ("bounds", "text", "message"),
    [
        ({"min": 3}, "ab", "Use no mínimo 3 caracteres."),
        ({"max": 3}, "abcd", "Use no máximo 3 caracteres."),
        ({"min": 2, "max": 3}, "abcd", "Use de 2 a 3 caracteres."),
        ({"equal": 3}, "ab", "Use exatamente 3 caracteres."),
    ],
)
def test_how_long_a_text_may_be_is_said_in_characters(bounds: dict[str, int], text: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        messages.Characters(**bounds)(text)


def test_the_most_of_a_text_is_found_in_what_was_said_of_it() -> None:
    assert messages.most_characters("['Use de 1 a 200 caracteres.']") == 200
    assert messages.most_characters("['Use no máximo 40 caracteres.']") == 40
    assert messages.most_characters("['Use no mínimo 3 caracteres.', 'Quantidade máxima: 9.']") is None
