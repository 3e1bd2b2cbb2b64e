"""The search keys of a person (row P1), and the keys that a query asks for.

No framework, store or clock may enter.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from services.chassis.phones import national_digits
from services.chassis.texts import fold
from services.people.shared.fields import find_document, find_phone, initials, joined_words, words

# Marks keys that were computed by this version of keys_of; raise the number when keys_of changes.
KEYS_MARK = "keys:2"
MAX_WORDS = 60
MAX_PREFIX = 20
MAX_QUERY_WORDS = 10
MAX_CODE_DIGITS = 9
MIN_PHONE_DIGITS = 10
PHONE_SUFFIXES = range(4, 12)
# The digits of the area code, and of a Brazilian phone with it.
AREA_DIGITS, BRAZILIAN_LENGTHS = 2, (10, 11)
MIN_DOCUMENT_DIGITS = 3
# An e-mail with a domain that is complete; an incomplete domain is not searched for.
WHOLE_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")


@dataclass(frozen=True)
class Query:
    """A parsed search: first the person with exactly this code or document, then all persons with all of `keys`, or
    with all of one of the lists of keys in `also`: what was typed may be meant in several ways.

    Without any of them it finds everybody. `listed` is False where only the exact match is wanted. `narrow`: keys that
    the exact match must have too; `groups`: keys of which it must have one. The first key should be the rarest, because
    the index is read by it.
    """

    code: int | None = None
    document: str | None = None
    keys: tuple[str, ...] = ()
    listed: bool = True
    narrow: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    also: tuple[tuple[str, ...], ...] = ()

    def within(self, *, groups: Sequence[str] = (), category: str | None = None) -> Query:
        """The search limited to persons with one of the keys `groups` (small groups), and of this category."""
        firsts: list[tuple[str, ...]] = [(group,) for group in groups] or [()]
        last = (category_key(category),) if category else ()
        ways = [(*first, *keys, *last) for keys in (self.keys, *self.also) for first in firsts]
        return replace(
            self, keys=ways[0], also=tuple(ways[1:]), narrow=(*self.narrow, *last), groups=(*self.groups, *groups)
        )

    def fits(self, keys: Collection[str]) -> bool:
        """Whether the exact match may be shown, by its keys."""
        return set(self.narrow) <= set(keys) and (not self.groups or bool(set(self.groups) & set(keys)))


def category_key(category: str) -> str:
    """The search key of everybody in this category."""
    return f"category:{category}"


def characteristic_key(characteristic: str) -> str:
    return f"characteristic:{characteristic}"


def keys_of(names: str, document: str | None, emails: Iterable[str], phones: Iterable[str]) -> set[str]:
    """All keys by which row P1 finds a person, each compared as a whole; `phones` in E.164."""
    keys = {key for email in emails for key in _email_keys(email.lower())}
    for word in [*words(names), *joined_words(names), *initials(names)[0]][:MAX_WORDS]:
        keys.update(word[:size] for size in range(1, min(len(word), MAX_PREFIX) + 1))
    if document:
        keys.update(document[:size].lower() for size in range(MIN_DOCUMENT_DIGITS, len(document) + 1))
    for phone in phones:
        keys |= _phone_keys(national_digits(phone))
    return keys


def in_order(keys: Iterable[str]) -> list[str]:
    """First whole words, then their beginnings, then the rest: an engine that compares key by key finds soon what most
    people type."""
    return sorted(keys, key=lambda key: (not key.isalpha(), -len(key), key))


def _email_keys(email: str) -> set[str]:
    """The e-mail, its part before the @, and its domain, both with and without the @."""
    local, at, domain = email.rpartition("@")
    return {email, f"{local}{at}", local, f"{at}{domain}", domain} - {""}


def _phone_keys(digits: str) -> set[str]:
    """The last digits; and the first ones, with the area code and for Brazil also without it."""
    keys = {digits[-size:] for size in PHONE_SUFFIXES if size <= len(digits)}
    for start in (0, AREA_DIGITS) if len(digits) in BRAZILIAN_LENGTHS else (0,):
        keys.update(digits[start:end] for end in range(start + PHONE_SUFFIXES[0], len(digits)))
    return keys


def read_query(q: str) -> Query:
    """Parses `q` as a code, a document or its beginning, an e-mail or a part of it, the first or last digits of a
    phone, or the beginnings of words."""
    text = q.strip()
    if not text:
        return Query()
    if "@" in text:
        return Query(keys=(_email_key(text.lower()),))
    if re.fullmatch(r"#\s*[0-9]{1,18}", text):
        return Query(code=int(text.lstrip("# ")), listed=False)
    if re.fullmatch(r"[0-9\s()+./-]*[0-9][0-9\s()+./-]*", text):
        return _number(text)
    document = find_document(text)
    if document:
        return Query(document=document, listed=False)
    phone = find_phone(text)  # with its extension, or with the carrier's "0xx"
    if phone:
        return Query(keys=(_phone_key(phone),))
    return Query(keys=query_words(text), also=tuple((key,) for key in _as_one(text)))


def query_words(q: str) -> tuple[str, ...]:
    """The keys of a query of words, the longest first, because it is the rarest. Initials with points are one word."""
    joined, rest = initials(q, pointed=True)
    keys = [word[:MAX_PREFIX] for word in (*words(rest), *joined)] or [fold(q)]
    return tuple(sorted(keys[:MAX_QUERY_WORDS], key=len, reverse=True))


def _as_one(text: str) -> list[str]:
    """Further keys for a text with signs but without blanks: a part of an e-mail, or the beginning of a CNPJ."""
    if not re.fullmatch(r"[^\s/]+[._/-][^\s]+", text):
        return []
    compact = re.sub(r"[./-]", "", text)
    document = [compact] if re.fullmatch(r"[0-9A-Za-z]{3,14}", compact) and re.search("[0-9]", compact) else []
    return [one.lower() for one in (text, *document)]


def _email_key(text: str) -> str:
    """The key of a complete e-mail or domain (`@domain`); for an incomplete domain that of the part before the @."""
    if text.startswith("@") or WHOLE_EMAIL.fullmatch(text):
        return text
    return f"{text.partition('@')[0]}@"


def _number(text: str) -> Query:
    """The search for a number: a code, a document, or the first or last digits of a document or a phone.

    A phone may have the ninth digit or not, and may follow the country's code or a zero.
    """
    digits = re.sub(r"[^0-9]", "", text)
    phone = find_phone(text) if len(digits) >= MIN_PHONE_DIGITS else None
    key = _phone_key(phone) if phone else digits
    code = int(digits) if len(digits) <= MAX_CODE_DIGITS else None
    dialled = digits.removeprefix("55") if text.startswith("+") else digits.lstrip("0")
    also = ((dialled,),) if not phone and len(dialled) >= PHONE_SUFFIXES[0] and dialled != digits else ()
    return Query(code=code, document=find_document(text), keys=(key,), also=also)


def _phone_key(e164: str) -> str:
    return national_digits(e164)[-PHONE_SUFFIXES[-1] :]
