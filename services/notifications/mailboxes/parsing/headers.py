"""Headers of a mail as texts, whatever is wrong with them. Pure; each function takes any input."""

from __future__ import annotations

import datetime as dt
import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from services.chassis import texts

# The most characters of a header that are read; no mail program writes longer ones.
LONGEST = 20_000
MOST_HEADERS = 50
MOST_ADDRESSES = 100
MESSAGE_ID = re.compile(r"<([^<>\s]{1,400})>")
# Charset names as the WHATWG encoding standard reads them; Latin 1 means Windows-1252.
MEANT = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "unknown-8bit": "utf-8"}


def decoded(content: bytes, charset: str | None) -> str:
    """The text of bytes in the given charset; if that is wrong, unknown or missing, in UTF-8, else in Windows-1252,
    which decodes any bytes.
    """
    named = (charset or "utf-8").strip("'\" ").lower()
    for one in (MEANT.get(named, named), "utf-8"):
        try:
            return content.decode(one)
        except (LookupError, UnicodeError, ValueError):
            continue
    return content.decode("cp1252", "replace")


def all_of(mail: Message, name: str) -> list[str]:
    """All headers of this name, each on one line with its encoded words decoded."""
    return [_words(value) for value in _written(mail, name)]


def _written(mail: Message, name: str) -> list[str]:
    """All headers of this name, each on one line, not decoded."""
    wanted = name.lower()
    found = [str(value) for known, value in mail.raw_items() if known.lower() == wanted]
    return [_unfolded(value) for value in found[:MOST_HEADERS]]


def one_of(mail: Message, name: str) -> str:
    """The first header of this name; empty without one."""
    return next(iter(all_of(mail, name)), "")


def readable(raw: str) -> str:
    """A header's value as text, even with 8-bit bytes or broken encoded words."""
    return _words(_unfolded(raw))


def _unfolded(raw: str) -> str:
    return " ".join(decoded(raw[:LONGEST].encode("utf-8", "surrogateescape"), None).split())


def _words(value: str) -> str:
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError, LookupError):
        parts = [(value, None)]
    joined = "".join(part if isinstance(part, str) else decoded(part, charset) for part, charset in parts)
    return texts.one_line(joined)


def addresses(mail: Message, *names: str) -> list[tuple[str, str]]:
    """Name and address (in lower case) of each in the headers of these names.

    Encoded words are decoded afterwards: in a name they may spell another address, or a comma that would end it.
    """
    found = []
    for header in (value for name in names for value in _written(mail, name)):
        pairs = [(_words(name).strip("\"' "), texts.one_line(address).lower()) for name, address in _pairs(header)]
        found += [(name, address) for name, address in pairs if "@" in address]
    return found[:MOST_ADDRESSES]


def _pairs(header: str) -> list[tuple[str, str]]:
    found = getaddresses([header])
    if any(address for _, address in found):
        return found
    # "Rita, da Padaria <rita@c.example>" and the like, which are no address lists
    loose = re.findall(r"<([^<>\s]{1,254}@[^<>\s]{1,254})>", header)
    return [(header.partition("<")[0], address) for address in loose]


def message_ids(mail: Message, *names: str) -> list[str]:
    """The Message-IDs in the headers of these names, without brackets, each once."""
    found = [one for name in names for value in all_of(mail, name) for one in MESSAGE_ID.findall(value)]
    return list(dict.fromkeys(found))[:MOST_ADDRESSES]


def sent_at(mail: Message, otherwise: dt.datetime) -> dt.datetime:
    """When the mail says it was sent (UTC)."""
    try:
        found = parsedate_to_datetime(one_of(mail, "Date"))
        return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return otherwise
