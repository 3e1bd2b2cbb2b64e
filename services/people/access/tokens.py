"""The tokens of people: `vr_` refresh tokens and `vk_` API keys (chassis/access/tokens.py); what is kept under one."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.chassis.access.tokens import make as make
from services.chassis.access.tokens import read as read
from services.chassis.errors import Internal

REFRESH, KEY = "vr", "vk"


def encrypt_under(token: str, under: str) -> str:
    """Encrypts `token` with the token `under` as the key; only the holder of `under` has more than its digest."""
    return _cipher(under).encrypt(token.encode()).decode()


def decrypt_under(text: str, under: str) -> str:
    """Decrypts a text made by `encrypt_under`; raises Internal("token_unsealable")."""
    try:
        return _cipher(under).decrypt(text).decode()
    except InvalidToken as error:
        raise Internal("token_unsealable", "Erro interno; entre novamente.") from error


def _cipher(token: str) -> Fernet:
    # not the stored digest, which must not decrypt what is stored beside it
    key = HKDF(SHA256(), 32, salt=None, info=b"vinculo successor").derive(token.encode())
    return Fernet(base64.urlsafe_b64encode(key))
