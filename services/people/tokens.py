"""Secrets given once and kept as digests: `vr_` refresh tokens and `vk_` API keys.

`<kind>_<company>.<record>.<secret>`: company and record find what is kept, the 256 random bits of the secret prove it;
so strong a secret needs no slow hash.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import NamedTuple

REFRESH, KEY = "vr", "vk"
_FORM = re.compile(r"(vr|vk)_([A-Za-z0-9_-]{1,64})\.([0-9a-f]{8,32})\.([A-Za-z0-9_-]{43})")


class Token(NamedTuple):
    company: str
    record: str
    digest: str


def make(kind: str, company: str, record: str) -> tuple[str, str]:
    """The token to give away, and the digest to keep."""
    secret = secrets.token_urlsafe(32)
    return f"{kind}_{company}.{record}.{secret}", _digest(secret)


def read(kind: str, text: str) -> Token | None:
    """None for what is no token of this kind."""
    form = _FORM.fullmatch(text)
    if form is None or form[1] != kind:
        return None
    return Token(form[2], form[3], _digest(form[4]))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
