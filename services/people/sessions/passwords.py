"""Passwords: the policy, hashing (argon2id, by default RFC 9106's second recommended setting), and verifying.

The policy follows NIST SP 800-63B: long enough and hard to guess (by zxcvbn's lists and patterns, and by the user's
own names), without rules about which characters.
"""

from __future__ import annotations

import math
import re

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import get_default_parameters
from environs import Env
from eventlet import tpool
from eventlet.semaphore import Semaphore
from marshmallow import validate
from zxcvbn import zxcvbn

from services.chassis.errors import Invalid
from services.chassis.texts import fold

SHORTEST, LONGEST = 12, 128
# zxcvbn's "safely unguessable": more than 10^8 guesses
SCORE = 3
GUESSES = 10**8
# zxcvbn's work grows with the square of the length, so longer passwords are cut for it
RATED_CHARACTERS = 72

# Expected words of at least this length are removed from inside other words, too.
SHORTEST_WITHIN = 4
LOOKALIKES = str.maketrans("0134578@$!", "oieastbasi")
# Words of Brazilian passwords; zxcvbn's own lists are English.
BRAZILIAN = """
senha minha meu nova novo segura seguro forte secreta secreto acesso acessar entrar entrada login usuario cliente
administrador admin sistema empresa vendas trabalho escritorio teste mudar trocar trocada padrao provisoria
temporaria brasil brasileiro brasileira amor amo te eu deus jesus cristo fiel senhor familia filho filha mae pai
casa vida feliz felicidade flamengo corinthians palmeiras santos saopaulo gremio vasco cruzeiro internacional
botafogo fluminense janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro segunda
terca quarta sexta sabado domingo feira bom boa dia tarde noite ola mundo
"""
COMMON_WORDS = frozenset(BRAZILIAN.split())


def hasher_of_environment() -> PasswordHasher:
    """The hasher with the VINCULO_ARGON2_* settings; raises environs.EnvValidationError.

    After a change each user gets a hash with the new parameters at the next sign-in.
    """
    env, usual = Env(eager=False), get_default_parameters()
    memory = env.int("VINCULO_ARGON2_MEMORY_KIB", usual.memory_cost, validate=validate.Range(min=8))
    passes = env.int("VINCULO_ARGON2_PASSES", usual.time_cost, validate=validate.Range(min=1))
    lanes = env.int("VINCULO_ARGON2_LANES", usual.parallelism, validate=validate.Range(min=1, max=64))
    env.seal()
    return PasswordHasher(time_cost=passes, memory_cost=max(memory, 8 * lanes), parallelism=lanes)


_hasher = hasher_of_environment()
# Verified where the login is unknown, so that both answers take the same time.
_NOBODY = _hasher.hash("nobody has this password")
# By default each hash takes 64 MiB while it runs, in a thread of its own.
_slots = Semaphore(4)


def refuse_weak(password: str, *known: str) -> None:
    """`known`: what others know of the user (login, name, company); raises Invalid("password_weak").

    The password is rated twice: as it is, and as the words that are left when repeated and expected words, and the
    signs between words, are removed: zxcvbn rates `password password` as two unrelated words.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise _weak(f"A senha deve ter de {SHORTEST} a {LONGEST} caracteres.")
    own = {word for text in known for word in (text.casefold(), *_words(text)) if word}
    if zxcvbn(password[:RATED_CHARACTERS], user_inputs=sorted(own))["score"] < SCORE:
        raise _weak("Esta senha é fácil de adivinhar; use uma frase com várias palavras sem relação entre si.")
    if not all(_is_enough(left) for left in _left(password, own | COMMON_WORDS)):
        detail = (
            "Sem repetições, sequências, palavras comuns e as que lembram seu nome, usuário ou empresa,"
            " sobra pouco desta senha; use uma frase com várias palavras sem relação entre si."
        )
        raise _weak(detail)


def _is_enough(left: str) -> bool:
    """Whether the product of the parts' guesses exceeds GUESSES; zxcvbn's own sum calls any three words good."""
    if not left:
        return False
    parts = zxcvbn(left[:RATED_CHARACTERS])["sequence"]
    guesses = math.prod(part["guesses"] for part in parts) * math.factorial(len(parts))
    return bool(guesses > GUESSES)


def _left(password: str, expected: set[str]) -> set[str]:
    """The password's words, each once, without the expected ones; once as typed and once with LOOKALIKES replaced."""
    return {
        "".join(dict.fromkeys(_without(word, expected) for word in _words(text)))
        for text in (password, password.casefold().translate(LOOKALIKES))
    }


def _without(word: str, expected: set[str]) -> str:
    if word in expected:
        return ""
    for part in sorted(expected, key=len, reverse=True):
        word = word.replace(part, "") if len(part) >= SHORTEST_WITHIN else word
    return re.sub(r"(.)\1{2,}", r"\1", word)


def _words(text: str) -> list[str]:
    """The runs of letters and the runs of digits, folded."""
    return re.findall(r"[^\W\d_]+|\d+", fold(text))


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def hash_in_thread(password: str) -> str:
    """Runs in a thread, so that the other greenlets go on."""
    with _slots:
        return str(tpool.execute(_hasher.hash, password))


def rehash_in_thread(password_hash: str, password: str) -> str | None:
    """A new hash of a verified password where the old one has other parameters, else None."""
    return hash_in_thread(password) if _hasher.check_needs_rehash(password_hash) else None


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password has this hash; does the same work where there is no hash (None)."""
    try:
        return _hasher.verify(password_hash or _NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def matches_in_thread(password_hash: str | None, password: str) -> bool:
    """Runs in a thread, so that the other greenlets go on."""
    with _slots:
        return bool(tpool.execute(matches, password_hash, password))


def _weak(detail: str) -> Invalid:
    return Invalid("password_weak", detail, fields={"password": [detail]})
