"""The access key of an NF-e: 44 characters by which the tax authority knows it (MOC, layout 4.00)."""

from __future__ import annotations

import datetime as dt
import hashlib
from itertools import count, cycle

from services.sales.fiscal.model import STATE_CODES

MODEL = "55"
NORMAL_EMISSION = "1"
# tpEmis in contingency, by the authority that stands in for a state's own (SEFAZ Virtual de Contingência): SVC-RS for
# some states, SVC-AN for all others.
BY_AN, BY_RS = "6", "7"
CONTINGENCY_BY_RS = ("AM", "BA", "GO", "MA", "MS", "MT", "PE", "PR")
EMISSION_AT = 34


def contingency_emission(state: str) -> str:
    return BY_RS if state in CONTINGENCY_BY_RS else BY_AN


def of_contingency(key: str) -> bool:
    return key[EMISSION_AT : EMISSION_AT + 1] in (BY_AN, BY_RS)


def check_digit(text: str) -> str:
    """Modulus 11 with weights 2 to 9 from the right; a letter counts as its ASCII code less 48."""
    weighted = zip(reversed(text), cycle(range(2, 10)), strict=False)
    remainder = sum((ord(char) - 48) * weight for char, weight in weighted) % 11
    return str(0 if remainder < 2 else 11 - remainder)


def random_code(seed: str, number: int) -> str:
    """The key's eight unpredictable digits (cNF), derived from `seed`, so that building again gives the same key.

    Never the number itself, a sequence or one repeated digit, which the authority refuses (code 897).
    """
    for turn in count():
        digits = f"{int(hashlib.sha256(f'{seed}:{turn}'.encode()).hexdigest(), 16) % 10**8:08d}"
        if int(digits) != number and len(set(digits)) > 1 and digits not in "1234567890123456":
            return digits
    raise AssertionError("count() has no end")


def access_key(
    state: str, issued_on: dt.date, cnpj: str, series: int, number: int, code: str, emission: str = NORMAL_EMISSION
) -> str:  # fmt: skip
    """State, month, issuer, model, series, number, kind of emission, random code, check digit."""
    body = f"{STATE_CODES[state]}{issued_on:%y%m}{cnpj}{MODEL}{series:03d}{number:09d}{emission}{code}"
    return body + check_digit(body)
