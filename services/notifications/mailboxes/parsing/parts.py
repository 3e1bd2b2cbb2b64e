"""The parts of a mail: its text, and its files. Pure; takes any input."""

from __future__ import annotations

import binascii
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.message import Message

from services.notifications.deliveries.model import File
from services.notifications.mailboxes.parsing.headers import decoded, one_of, readable
from services.notifications.mailboxes.parsing.html import text_of
from services.notifications.mailboxes.parsing.tnef import is_wrapped, unwrapped

MOST_PARTS = 500
TEXT_BYTES = 1_000_000
# Media types of cryptographic signatures, which no person reads.
UNREAD = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
NAMES = {"text/calendar": "convite.ics", "application/ms-tnef": "winmail.dat", "text/html": "parte.html"}


@dataclass
class Content:
    """The content of a mail: `plain` and `html` texts in their order, the texts of a winmail.dat (`wrapped`), and
    files.
    """

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    wrapped: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The plain text, else the HTML as text, else the text of a winmail.dat."""
        html = (text_of(one) for one in self.html)
        return _joined(self.plain) or _joined(html) or _joined(self.wrapped)


def _joined(texts: Iterable[str]) -> str:
    return "\n\n".join(one.strip("\n") for one in texts if one.strip())


def content_of(mail: Message) -> Content:
    found = Content()
    waiting, seen = [mail], 0
    while waiting and seen < MOST_PARTS:
        part, seen = waiting.pop(), seen + 1
        kind = part.get_content_type()
        if kind == "message/rfc822" or (kind.startswith("message/") and part.is_multipart()):
            found.files.append(File(_name_of_nested(part), "message/rfc822", _bytes_of(part)))
        elif part.is_multipart():
            waiting += reversed([one for one in part.get_payload() if isinstance(one, Message)])
        elif kind not in UNREAD:
            _take(part, kind, found)
    return found


def _take(part: Message, kind: str, found: Content) -> None:
    content = _payload(part)
    name = _file_name(part)
    is_text = kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment" and not name
    if is_text:
        texts = found.html if kind == "text/html" else found.plain
        texts.append(decoded(content[:TEXT_BYTES], part.get_param("charset") and _charset(part)))
    elif content and not (is_wrapped(kind, name) and _unwrap(content, found)):
        found.files.append(File(name or _unnamed(part, kind), kind, content))


def _unwrap(content: bytes, found: Content) -> bool:
    within = unwrapped(content)
    if within is None:
        return False
    found.wrapped.append(within.plain or text_of(within.html))
    found.files += within.files
    return True


def _charset(part: Message) -> str | None:
    try:
        return part.get_content_charset()
    except (LookupError, UnicodeError, ValueError):
        return None


def _payload(part: Message) -> bytes:
    try:
        found = part.get_payload(decode=True)
    except (ValueError, LookupError, binascii.Error):
        found = None
    if isinstance(found, bytes):
        return found
    return str(part.get_payload() or "").encode("utf-8", "replace")


def _bytes_of(part: Message) -> bytes:
    """The bytes of a mail inside a mail."""
    inner = part.get_payload()
    nested = inner[0] if isinstance(inner, list) and inner else part
    try:
        return bytes(nested.as_bytes()) if isinstance(nested, Message) else _payload(part)
    except (ValueError, LookupError, TypeError, AttributeError):
        return str(nested).encode("utf-8", "replace")


def _name_of_nested(part: Message) -> str:
    inner = part.get_payload()
    nested = inner[0] if isinstance(inner, list) and inner else None
    subject = one_of(nested, "Subject") if isinstance(nested, Message) else ""
    return f"{subject[:80] or 'mensagem'}.eml"


def _file_name(part: Message) -> str:
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, TypeError):
        name = ""
    return readable(name)


def _unnamed(part: Message, kind: str) -> str:
    main, _, sub = kind.partition("/")
    if kind in NAMES:
        return NAMES[kind]
    return f"imagem.{sub.removeprefix('x-')}" if main == "image" else f"anexo.{sub}"[:80]
