"""The access key of an NF-e: 44 characters by which the tax authority knows it (MOC, layout 4.00; NT 2025.001 for
CNPJs with letters).

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from itertools import count, cycle

MODEL = "55"
NORMAL_EMISSION = "1"

# IBGE's code of each state, which begins a key and every city's code.
STATE_CODES = {
    "RO": "11", "AC": "12", "AM": "13", "RR": "14", "PA": "15", "AP": "16", "TO": "17", "MA": "21", "PI": "22",
    "CE": "23", "RN": "24", "PB": "25", "PE": "26", "AL": "27", "SE": "28", "BA": "29", "MG": "31", "ES": "32",
    "RJ": "33", "SP": "35", "PR": "41", "SC": "42", "RS": "43", "MS": "50", "MT": "51", "GO": "52", "DF": "53",
}  # fmt: skip


def check_digit(text: str) -> str:
    """Modulus 11 with weights 2 to 9 from the right; a letter counts as its ASCII code less 48."""
    weighted = zip(reversed(text), cycle(range(2, 10)), strict=False)
    rest = sum((ord(char) - 48) * weight for char, weight in weighted) % 11
    return str(0 if rest < 2 else 11 - rest)


def random_code(seed: str, number: int) -> str:
    """The key's eight digits that nobody can guess (cNF): the same for the same `seed`, so that building again gives
    the same key. Never the number itself nor a repeated digit, which the authority refuses (code 897)."""
    for turn in count():
        digits = f"{int(hashlib.sha256(f'{seed}:{turn}'.encode()).hexdigest(), 16) % 10**8:08d}"
        if int(digits) != number and len(set(digits)) > 1 and digits not in "1234567890123456":
            return digits
    raise AssertionError("count() has no end")


def access_key(state: str, issued_on: dt.date, cnpj: str, series: int, number: int, code: str) -> str:
    """State, month, issuer, model, series, number, kind of emission, random code, check digit."""
    body = f"{STATE_CODES[state]}{issued_on:%y%m}{cnpj}{MODEL}{series:03d}{number:09d}{NORMAL_EMISSION}{code}"
    return body + check_digit(body)
