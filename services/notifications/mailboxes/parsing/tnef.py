"""What Outlook wraps in a winmail.dat (TNEF, MS-OXTNEF): files, and the text of a mail that has no other.

Read by our own lines (ADR 0045), in one pass. What cannot be opened, or has nothing in it, stays the file that it came
as. Pure; takes any bytes.
"""

from __future__ import annotations

import mimetypes
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.notifications.deliveries.model import UNKNOWN_TYPE, File
from services.notifications.mailboxes.parsing.headers import decoded
from services.notifications.mailboxes.parsing.rtf import text_of_rtf

KINDS = ("application/ms-tnef", "application/vnd.ms-tnef")
NAME = "winmail.dat"
OCTETS = "/".join(UNKNOWN_TYPE)
SIGNATURE, BEGIN = struct.pack("<I", 0x223E9F78), 6
MESSAGE, ATTACHMENT = 1, 2
# Attributes of a message and of an attachment, by their numbers.
CODE_PAGE, OLD_BODY, PROPERTIES = 0x9007, 0x800C, 0x9003
RENDERED, DATA, TITLE, ATTACHED = 0x9002, 0x800F, 0x8010, 0x9005
# Properties, by their numbers in MAPI.
BODY, HTML, RTF, HTML_CODE_PAGE = 0x1000, 0x1013, 0x1009, 0x3FDE
CONTENT, SHORT_NAME, LONG_NAME, MEDIA_TYPE = 0x3701, 0x3704, 0x3707, 0x370E
# The size of a value of each kind of property; those of other kinds say their own.
SIZES = {2: 2, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0xA: 4, 0xB: 2, 0x14: 8, 0x40: 8, 0x48: 16}
OBJECT, STRING, UNICODE, BINARY = 0x0D, 0x1E, 0x1F, 0x102
SEVERAL, NAMED = 0x1000, 0x8000
# An object begins with the id of what it is.
OBJECT_ID, OF_MESSAGE = 16, bytes.fromhex("0703020000000000c000000000000046")
CHARSETS = {20127: "ascii", 20866: "koi8-r", 28591: "latin-1", 65001: "utf-8"}
WINDOWS = 1252
MOST_ATTRIBUTES, MOST_PROPERTIES = 10_000, 10_000
TEXT_BYTES = 1_000_000
# Messages in messages.
DEEPEST = 5


@dataclass(frozen=True)
class Unwrapped:
    """The content of a winmail.dat: at most one of the texts, and files."""

    plain: str = ""
    html: str = ""
    files: list[File] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.plain or self.html or self.files)


@dataclass(frozen=True)
class Value:
    kind: int
    content: bytes


def is_wrapped(kind: str, name: str) -> bool:
    return kind in KINDS or name.lower() == NAME


def unwrapped(content: bytes) -> Unwrapped | None:
    """The content; None for bytes that are broken, are no TNEF, or have no content."""
    try:
        return _unwrapped(content, 1)
    except (ValueError, struct.error):
        return None


def _unwrapped(content: bytes, depth: int) -> Unwrapped | None:
    if not content.startswith(SIGNATURE) or depth > DEEPEST:
        raise ValueError("no TNEF")
    charset, texts, found = _charset(WINDOWS), Unwrapped(), list[_Attachment]()
    for level, name, data in _attributes(content):
        if name == CODE_PAGE:
            charset = _charset(_number(data, 0))
        elif name == RENDERED:
            found.append(_Attachment(charset))
        elif level == ATTACHMENT and found:
            found[-1].take(name, data)
        elif name == PROPERTIES:
            texts = _texts(_properties(data), charset) or texts
        elif name == OLD_BODY:
            texts = texts or Unwrapped(decoded(data[:TEXT_BYTES], charset).strip("\0"))
    files = [file for one in found for file in one.files(depth)]
    return Unwrapped(texts.plain, texts.html, files) or None


def _attributes(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Level, number and data of each attribute. Raises ValueError where one is cut off, or there are too many."""
    place = BEGIN
    for _ in range(MOST_ATTRIBUTES):
        if place >= len(content) or content[place] not in (MESSAGE, ATTACHMENT):  # some programs write more at the end
            return
        level, name, _, length = struct.unpack_from("<BHHI", content, place)
        end = place + 9 + length
        if end > len(content):
            raise ValueError("cut off")
        yield level, name, content[place + 9 : end]
        place = end + 2  # a check sum
    raise ValueError("too many attributes")


def _properties(data: bytes) -> dict[int, Value]:
    """The first value of each property of bytes or letters; those that follow one of an unknown kind are left out."""
    found: dict[int, Value] = {}
    place = 4
    for _ in range(min(_number(data, 0), MOST_PROPERTIES)):
        if place >= len(data):
            break
        kind, number = struct.unpack_from("<HH", data, place)
        place = _after_name(data, place + 4) if number & NAMED else place + 4
        size = SIZES.get(kind & ~SEVERAL)
        if size is not None:
            count = _number(data, place) if kind & SEVERAL else 1
            if number == HTML_CODE_PAGE:
                found[number] = Value(kind, data[place : place + size])
            place += (4 if kind & SEVERAL else 0) + _padded(size * count)
        elif kind & ~SEVERAL in (OBJECT, STRING, UNICODE, BINARY):
            count, place = _number(data, place), place + 4
            for _ in range(count):
                length = _number(data, place)
                found.setdefault(number, Value(kind, data[place + 4 : place + 4 + length]))
                place += 4 + _padded(length)
        else:
            break
    return found


def _after_name(data: bytes, place: int) -> int:
    """The position after a property set's id and a number or a name."""
    by_name = _number(data, place + 16)
    return place + 24 + (_padded(_number(data, place + 20)) if by_name else 0)


def _number(data: bytes, place: int) -> int:
    """Raises struct.error at the end of the data."""
    return int(struct.unpack_from("<I", data, place)[0])


def _padded(length: int) -> int:
    return length + -length % 4


def _charset(code_page: int) -> str:
    return CHARSETS.get(code_page, f"cp{code_page}")


def _texts(found: dict[int, Value], charset: str) -> Unwrapped:
    """The plain text, else the HTML, else what the RTF says."""
    said = found.get(HTML_CODE_PAGE)
    plain = _text(found.get(BODY), charset)
    html = _text(found.get(HTML), _charset(_number(said.content, 0)) if said else None)
    packed = found.get(RTF)
    if plain or html:
        return Unwrapped(plain) if plain else Unwrapped(html=html)
    return Unwrapped(text_of_rtf(packed.content)) if packed else Unwrapped()


def _text(value: Value | None, charset: str | None) -> str:
    if value is None:
        return ""
    told = "utf-16-le" if value.kind == UNICODE else charset
    return decoded(value.content[:TEXT_BYTES], told).strip("\0")


@dataclass
class _Attachment:
    """`message`: the attachment is a message."""

    charset: str
    content: bytes = b""
    message: bytes = b""
    short: str = ""
    long: str = ""
    media_type: str = ""

    def take(self, name: int, data: bytes) -> None:
        if name == DATA:
            self.content = data
        elif name == TITLE:
            self.short = decoded(data[:TEXT_BYTES], self.charset)
        elif name == ATTACHED:
            found = _properties(data)
            self.short = _text(found.get(SHORT_NAME), self.charset) or self.short
            self.long, self.media_type = (_text(found.get(one), self.charset) for one in (LONG_NAME, MEDIA_TYPE))
            held = found[CONTENT].content if CONTENT in found else b""
            if held.startswith(OF_MESSAGE):
                self.message = held[OBJECT_ID:]
            elif held:
                self.content = held[OBJECT_ID:] if found[CONTENT].kind == OBJECT else held

    def files(self, depth: int) -> list[File]:
        """A message within is its text and its files; one that does not open, a file."""
        name = (self.long or self.short).strip("\0 ") or "anexo"
        inner = _unwrapped(self.message, depth + 1) if self.message else None
        if inner is None:
            media_type = self.media_type.strip() or mimetypes.guess_type(name)[0] or OCTETS
            content = self.message or self.content
            return [File(name, media_type, content)] if content else []
        plain = [File(f"{name}.txt", "text/plain", inner.plain.encode())] if inner.plain else []
        html = [File(f"{name}.html", "text/html", inner.html.encode())] if inner.html else []
        return [*plain, *html, *inner.files]
