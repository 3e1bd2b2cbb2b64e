"""The keys by which a person is found (row P1), and those that a query asks for.

No framework, store or clock may enter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from services.people.domain.fields import find_document, find_phone, fold, national_digits, words

MAX_WORDS = 60
MAX_PREFIX = 20
PHONE_SUFFIXES = range(4, 12)


def keys_of(code: int, names: str, document: str | None, emails: Iterable[str], phones: Iterable[str]) -> list[str]:
    """Every key by which row P1 finds a person; each is an exact, indexed word. `phones` are E.164."""
    keys = {f"#{code}", *(email.lower() for email in emails)}
    for word in words(names)[:MAX_WORDS]:
        keys.update(word[:size] for size in range(min(2, len(word)), min(len(word), MAX_PREFIX) + 1))
    if document:
        keys.add(document.lower())
    for phone in phones:
        digits = national_digits(phone)
        keys.update(digits[-size:] for size in PHONE_SUFFIXES if size <= len(digits))
    return sorted(keys)


def query_alternatives(q: str) -> list[list[str]]:
    """Alternatives, each a list of keys that a person must have all of; [] asks for everyone."""
    text = q.strip()
    if not text:
        return []
    if "@" in text:
        return [[text.lower()]]
    if re.fullmatch(r"#\s*[0-9]+", text):
        return [[_code_key(text.lstrip("# "))]]
    if re.fullmatch(r"[0-9\s()+./-]*[0-9][0-9\s()+./-]*", text):
        return _number_alternatives(text)
    document = find_document(text)
    return [[document.lower()]] if document else [query_key(text)]


def query_key(q: str) -> list[str]:
    """The keys of a query of words; a lone letter between words is left out, it is no prefix kept."""
    found = [word[:MAX_PREFIX] for word in words(q)]
    return [word for word in found if len(word) > 1] or found or [fold(q)]


def _code_key(digits: str) -> str:
    return f"#{digits.lstrip('0') or '0'}"


def _number_alternatives(text: str) -> list[list[str]]:
    """A number alone may be a code, a document, or a phone's last digits (with or without the ninth)."""
    digits = re.sub(r"[^0-9]", "", text)
    keys = [_code_key(digits), digits]
    phone = find_phone(text) if len(digits) >= 10 else None
    if phone:
        keys.append(national_digits(phone)[-PHONE_SUFFIXES[-1] :])
    return [[key] for key in dict.fromkeys(keys)]
