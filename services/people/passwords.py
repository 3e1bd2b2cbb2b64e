"""Passwords: what is too weak, hashing (argon2id, RFC 9106's second recommended setting), checking.

The policy is NIST SP 800-63B's: long enough and not easily guessed (by zxcvbn's lists and patterns, and by the user's
own names); no rule about which characters.
"""

from __future__ import annotations

import re

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from eventlet import tpool
from eventlet.semaphore import Semaphore
from zxcvbn import zxcvbn

from services.chassis.errors import Invalid

SHORTEST, LONGEST = 12, 128
# zxcvbn's "safely unguessable": more than 10^8 guesses
SCORE = 3
# its work grows with the square of the length, and it takes no more
RATED_CHARACTERS = 72

_hasher = PasswordHasher()
# Compared with when the login is unknown, so that both answers cost the same time.
_NOBODY = _hasher.hash("nobody has this password")
# Each hash takes 64 MiB while it runs, in a thread of its own.
_slots = Semaphore(4)


def refuse_weak(password: str, *known: str) -> None:
    """`known`: what others know of the user (login, name, company); raises Invalid("password_weak")."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise _weak(f"A senha deve ter de {SHORTEST} a {LONGEST} caracteres.")
    words = [word for text in known for word in (text, *text.split("@"), *re.split(r"[^\w]+", text)) if word]
    if zxcvbn(password[:RATED_CHARACTERS], user_inputs=words)["score"] < SCORE:
        raise _weak("Esta senha é fácil de adivinhar; use uma frase com várias palavras sem relação entre si.")


def hashed(password: str) -> str:
    return _hasher.hash(password)


def hashed_aside(password: str) -> str:
    """In a thread, so that the other greenlets go on."""
    with _slots:
        return str(tpool.execute(_hasher.hash, password))


def matches(password_hash: str | None, password: str) -> bool:
    """The same work whether there is a hash or not."""
    try:
        return _hasher.verify(password_hash or _NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def matches_aside(password_hash: str | None, password: str) -> bool:
    """In a thread, so that the other greenlets go on."""
    with _slots:
        return bool(tpool.execute(matches, password_hash, password))


def _weak(detail: str) -> Invalid:
    return Invalid("password_weak", detail, fields={"password": [detail]})
