"""Secrets that are shown once and stored as digests: `vr_` refresh tokens and `vk_` API keys.

The form is `<kind>_<company>.<record>.<secret>`: company and record find the stored record, the secret proves it. The
secret has 256 random bits, so its digest needs no slow hash.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from typing import NamedTuple

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.chassis.errors import Internal

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
    """The parts of a token; None where `text` is not a token of this kind."""
    form = _FORM.fullmatch(text)
    if form is None or form[1] != kind:
        return None
    return Token(form[2], form[3], _digest(form[4]))


def sealed(token: str, under: str) -> str:
    """Encrypts `token` with the token `under` as the key; only the holder of `under` has more than its digest."""
    return _cipher(under).encrypt(token.encode()).decode()


def opened(text: str, under: str) -> str:
    """Decrypts a text made by `sealed`; raises Internal("token_unsealable")."""
    try:
        return _cipher(under).decrypt(text).decode()
    except InvalidToken as error:
        raise Internal("token_unsealable", "Erro interno; entre novamente.") from error


def _cipher(token: str) -> Fernet:
    # not the stored digest, which must not decrypt what is stored beside it
    key = HKDF(SHA256(), 32, salt=None, info=b"vinculo successor").derive(token.encode())
    return Fernet(base64.urlsafe_b64encode(key))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
