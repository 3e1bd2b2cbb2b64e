"""Names and documents that no other test has: all end-to-end tests share one system."""

from __future__ import annotations

import itertools
import os
import random
from typing import Any

from tests.support.stack.system import Client

_numbers = itertools.count(1)
_random = random.Random(os.getpid())


def ids_of(named: list[dict[str, Any]]) -> list[str]:
    """Of records that an answer names."""
    return [one["id"] for one in named]


def unique_word() -> str:
    """A made-up name, letters only."""
    return "".join(_random.choice("bcdfglmnprstv") + _random.choice("aeiou") for _ in range(5)).capitalize()


def cpf() -> str:
    """A valid CPF, different each time."""
    digits = [int(d) for d in f"{_random.randrange(10**3):03d}{next(_numbers):06d}"]
    for size in (9, 10):
        rest = sum(d * w for d, w in zip(digits, range(size + 1, 1, -1), strict=True)) * 10 % 11
        digits.append(rest % 10)
    return "".join(map(str, digits))


def cnpj() -> str:
    """A valid CNPJ, different each time."""
    digits = [int(d) for d in f"{_random.randrange(10**2):02d}{next(_numbers):06d}0001"]
    for weights in ((5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2), (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)):
        rest = sum(d * w for d, w in zip(digits, weights, strict=True)) % 11
        digits.append(0 if rest < 2 else 11 - rest)
    return "".join(map(str, digits))


def phone() -> str:
    """A mobile number of São Paulo."""
    return f"119{_random.randrange(10**8):08d}"


def with_two_addresses(client: Client, word: str) -> dict[str, Any]:
    main, other = f"{word.lower()}@cliente.example", f"compras.{word.lower()}@cliente.example"
    emails = [{"address": other, "main": False}, {"address": main, "main": True}]
    found: dict[str, Any] = client.register(f"Cliente {word}", emails=emails)
    return found
