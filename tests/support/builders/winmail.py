"""winmail.dat as Outlook writes it (MS-OXTNEF): as much of it as tests need."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from compressed_rtf import compress

MESSAGE, ATTACHMENT = 1, 2
CODE_PAGE, PROPERTIES, RENDERED, DATA, TITLE, ATTACHED = 0x9007, 0x9003, 0x9002, 0x800F, 0x8010, 0x9005
STRING, UNICODE, BINARY, OBJECT = 0x001E, 0x001F, 0x0102, 0x000D
BODY, RTF, HTML, LONG_NAME, MEDIA_TYPE, OF_OBJECT = 0x1000, 0x1009, 0x1013, 0x3707, 0x370E, 0x3701
OF_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")
BEGIN = struct.pack("<IH", 0x223E9F78, 1)


@dataclass
class Attached:
    """`short`: the name of eight signs and three; `message`: a winmail.dat that it holds instead of `content`."""

    name: str
    content: bytes = b""
    short: bytes = b"ARQUIV~1.DAT"
    media_type: str = ""
    message: bytes | None = None
    code_page: str | None = None


@dataclass
class Winmail:
    rtf: str = ""
    plain: str = ""
    html: bytes = b""
    files: list[Attached] = field(default_factory=list)

    def __bytes__(self) -> bytes:
        texts = [
            *(
                [(BINARY, RTF, compress(self.rtf.encode("cp1252"), compressed=len(self.rtf) < 1_000))]
                if self.rtf
                else []
            ),
            *([(UNICODE, BODY, _unicode(self.plain))] if self.plain else []),
            *([(BINARY, HTML, self.html)] if self.html else []),
        ]
        begin = BEGIN + attribute(MESSAGE, CODE_PAGE, 6, struct.pack("<II", 1252, 0))
        return begin + attribute(MESSAGE, PROPERTIES, 6, properties(texts)) + b"".join(map(_attached, self.files))


def attribute(level: int, name: int, kind: int, data: bytes) -> bytes:
    return struct.pack("<BHHI", level, name, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def properties(found: list[tuple[int, int, bytes]]) -> bytes:
    """`found`: kind, number and value of each."""
    return struct.pack("<I", len(found)) + b"".join(
        struct.pack("<HHII", kind, number, 1, len(value)) + value + bytes(-len(value) % 4)
        for kind, number, value in found
    )


def _attached(one: Attached) -> bytes:
    named = (
        (STRING, LONG_NAME, one.name.encode(one.code_page))
        if one.code_page
        else (UNICODE, LONG_NAME, _unicode(one.name))
    )
    told = [
        *([named] if one.name else []),
        *([(UNICODE, MEDIA_TYPE, _unicode(one.media_type))] if one.media_type else []),
        *([(OBJECT, OF_OBJECT, OF_MESSAGE + one.message)] if one.message is not None else []),
    ]
    return (
        attribute(ATTACHMENT, RENDERED, 6, bytes(14))
        + attribute(ATTACHMENT, TITLE, 1, one.short + b"\0")
        + (attribute(ATTACHMENT, DATA, 6, one.content) if one.message is None else b"")
        + attribute(ATTACHMENT, ATTACHED, 6, properties(told))
    )


def _unicode(text: str) -> bytes:
    return (text + "\0").encode("utf-16-le")
