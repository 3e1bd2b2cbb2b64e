"""Tokens that are shown once and stored as digests: refresh tokens, API keys, links for customers.

A token is `<kind>_<company>.<record>.<secret>`. Company and record lead to the stored record, whose digest the secret
must match. The secret has 256 random bits, so its digest needs no slow hash.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import NamedTuple

_FORM = re.compile(r"([a-z]{2})_([A-Za-z0-9_-]{1,64})\.([0-9a-f]{8,32})\.([A-Za-z0-9_-]{43})")


class Token(NamedTuple):
    company: str
    record: str
    digest: str


def make(kind: str, company: str, record: str) -> tuple[str, str]:
    """A new token, and its digest to be stored. `kind`: two lower-case letters."""
    secret = secrets.token_urlsafe(32)
    return f"{kind}_{company}.{record}.{secret}", _digest(secret)


def read(kind: str, text: str) -> Token | None:
    """The parts of a token; None where `text` is not a token of this kind."""
    form = _FORM.fullmatch(text)
    if form is None or form[1] != kind:
        return None
    return Token(form[2], form[3], _digest(form[4]))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
