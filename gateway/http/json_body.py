"""Checks the JSON of a request before a schema reads it: UTF-8, no repeated keys, bounded depth, values and numbers.

Without these limits a body of a megabyte may be 350,000 empty lists, and the schema makes a message for each.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from gateway.http.problems import Malformed
from services.chassis.errors import Invalid

DEPTH = 32
# The most values of any kind in one body; a workflow of 200 items, or a hundred ids, have far fewer.
VALUES = 10_000
# The digits that always fit a 64-bit integer, and more characters than a double can tell apart.
INTEGER_DIGITS, NUMBER_CHARACTERS = 18, 40
# NUL and lone surrogates cannot be stored or sent on.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def check(body: bytes) -> Any:
    """The value in the body. Raises 400 Malformed for what is not JSON or has a repeated key; Invalid for JSON that
    exceeds a limit, has a number that is too long, or a text that cannot be stored.
    """
    try:
        value = json.loads(
            body.decode(),
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_constant,
            object_pairs_hook=_object,
        )
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise Malformed("json_malformed", "O corpo da requisição não é um JSON válido.") from None
    _check(value)
    return value


def check_text(text: str) -> None:
    if UNSTORABLE.search(text):
        raise Invalid("text_invalid", "O texto tem caracteres que não podem ser gravados.")


def _check(value: Any) -> None:
    """Counts values and checks texts level by level, so that it needs no recursion."""
    level, count = [value], 0
    for _ in range(DEPTH + 1):
        count += len(level)
        if count > VALUES:
            raise Invalid("json_too_many_values", f"O JSON tem mais de {VALUES} valores.")
        inner: list[Any] = []
        for element in level:
            if isinstance(element, str):
                check_text(element)
            elif isinstance(element, dict):
                inner += element.values()
                for key in element:
                    check_text(key)
            elif isinstance(element, list):
                inner += element
        if not inner:
            return
        level = inner
    raise _too_deep()


def _too_deep() -> Invalid:
    return Invalid("json_too_deep", f"O JSON tem mais de {DEPTH} níveis.")


def _integer(text: str) -> int:
    if len(text.lstrip("-")) > INTEGER_DIGITS:
        raise _number_invalid()
    return int(text)


def _number(text: str) -> float:
    number = float(text)
    if len(text) > NUMBER_CHARACTERS or not math.isfinite(number):
        raise _number_invalid()
    return number


def _constant(text: str) -> Any:
    raise Malformed("json_malformed", f"{text} não é um valor de JSON.")


def _number_invalid() -> Invalid:
    return Invalid("json_number_invalid", "O JSON tem um número longo ou grande demais.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Malformed("json_key_repeated", "O JSON tem um objeto com a mesma chave duas vezes.")
    return members
