"""The search keys of a person (row P1), and the keys that a query asks for.

No framework, store or clock may enter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from services.chassis.phones import national_digits
from services.chassis.texts import fold
from services.people.shared.fields import find_document, find_phone, is_cnpj, joined_words, words

MAX_WORDS = 60
MAX_PREFIX = 20
MAX_QUERY_WORDS = 10
MAX_CODE_DIGITS = 9
MIN_PHONE_DIGITS = 10
PHONE_SUFFIXES = range(4, 12)
# The first characters of a CNPJ are the company's; the others distinguish its branches.
CNPJ_ROOT = 8


@dataclass(frozen=True)
class Query:
    """A parsed search: first the person with exactly this code or document, then all persons with all of `keys`.

    Without any of them it finds everybody. `listed` is False where only the exact match is wanted. `narrow`: keys that
    the exact match must have too. The first key should be the rarest, because the index is read by it.
    """

    code: int | None = None
    document: str | None = None
    keys: tuple[str, ...] = ()
    listed: bool = True
    narrow: tuple[str, ...] = ()

    def within(self, *, group: str = "", category: str | None = None) -> Query:
        """The search limited to persons with the key `group` (a small group), and of this category."""
        first = (group,) if group else ()
        last = (category_key(category),) if category else ()
        return replace(self, keys=(*first, *self.keys, *last), narrow=(*self.narrow, *first, *last))


def category_key(category: str) -> str:
    """The search key of everybody in this category."""
    return f"category:{category}"


def characteristic_key(characteristic: str) -> str:
    return f"characteristic:{characteristic}"


def keys_of(names: str, document: str | None, emails: Iterable[str], phones: Iterable[str]) -> set[str]:
    """All keys by which row P1 finds a person, each compared as a whole; `phones` in E.164."""
    keys = {email.lower() for email in emails}
    for word in [*words(names), *joined_words(names)][:MAX_WORDS]:
        keys.update(word[:size] for size in range(1, min(len(word), MAX_PREFIX) + 1))
    if document:
        keys.add(document.lower())
    if is_cnpj(document):
        keys.add(str(document)[:CNPJ_ROOT].lower())
    for phone in phones:
        digits = national_digits(phone)
        keys.update(digits[-size:] for size in PHONE_SUFFIXES if size <= len(digits))
    return keys


def read_query(q: str) -> Query:
    """Parses `q` as a code, a document, an e-mail, the last digits of a phone, or the beginnings of words."""
    text = q.strip()
    if not text:
        return Query()
    if "@" in text:
        return Query(keys=(text.lower(),))
    if re.fullmatch(r"#\s*[0-9]{1,18}", text):
        return Query(code=int(text.lstrip("# ")), listed=False)
    if re.fullmatch(r"[0-9\s()+./-]*[0-9][0-9\s()+./-]*", text):
        return _number(text)
    document = find_document(text)
    if document:
        return Query(document=document, listed=False)
    phone = find_phone(text)  # with its extension, or with the carrier's "0xx"
    return Query(keys=(_phone_key(phone),) if phone else query_words(text))


def query_words(q: str) -> tuple[str, ...]:
    """The keys of a query of words, the longest first, because it is the rarest."""
    keys = [word[:MAX_PREFIX] for word in words(q)] or [fold(q)]
    return tuple(sorted(keys[:MAX_QUERY_WORDS], key=len, reverse=True))


def _number(text: str) -> Query:
    """The search for a number: a code, a document, or a phone's last digits (with or without the ninth)."""
    digits = re.sub(r"[^0-9]", "", text)
    phone = find_phone(text) if len(digits) >= MIN_PHONE_DIGITS else None
    key = _phone_key(phone) if phone else digits
    code = int(digits) if len(digits) <= MAX_CODE_DIGITS else None
    return Query(code=code, document=find_document(text), keys=(key,))


def _phone_key(e164: str) -> str:
    return national_digits(e164)[-PHONE_SUFFIXES[-1] :]
