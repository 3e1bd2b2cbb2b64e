"""Bounces (RFC 3464): which of our mails a server could not deliver, and why. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

from services.chassis import texts
from services.notifications.mailboxes.parsing.headers import addresses, message_ids, one_of

FAILED, DELAYED = "failed", "delayed"
STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
MOST_REASON = 200
# Bounces of servers that write no report: by their words; the returned mail is enclosed.
SENDERS = ("mailer-daemon@", "postmaster@")
UNDELIVERED = re.compile(
    r"undeliver|delivery (?:status notification|has failed|failure)|returned mail|mail delivery failed|failure notice|"
    r"n[aã]o (?:foi )?(?:poss[ií]vel )?entreg|falha na entrega|n[aã]o entregue|devolvid",
    re.IGNORECASE,
)
FIELD = re.compile(r"^(Message-ID)\s*:\s*<([^<>\s]{1,400})>", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Bounce:
    """`final`: the server has given up; else it goes on trying. `message_id`: of our mail; may be empty."""

    final: bool
    code: str
    reason: str
    message_id: str


def bounce_of(mail: Message) -> Bounce | None:
    """The bounce in a mail; None for a mail that is none."""
    report = next((part for part in _parts(mail) if part.get_content_type() == "message/delivery-status"), None)
    if report is not None:
        return _of_report(mail, report)
    sender = next((address for _, address in addresses(mail, "From")), "")
    if sender.startswith(SENDERS) and UNDELIVERED.search(one_of(mail, "Subject")):
        said = _text(mail)
        status = STATUS.search(said)
        return Bounce(True, status[1] if status else "5.0.0", "", _returned(mail, said))
    return None


def _of_report(mail: Message, report: Message) -> Bounce | None:
    blocks = [one for one in report.get_payload() or [] if isinstance(one, Message)]
    about = [one for one in blocks if one_of(one, "Action")]
    worst = next((one for one in about if one_of(one, "Action").lower().startswith(FAILED)), next(iter(about), None))
    if worst is None:
        return None
    action = one_of(worst, "Action").lower()
    if not action.startswith((FAILED, DELAYED)):  # delivered, relayed, expanded: nothing is wrong
        return None
    status = STATUS.search(one_of(worst, "Status"))
    reason = texts.one_line(one_of(worst, "Diagnostic-Code").partition(";")[2])[:MOST_REASON]
    code = status[1] if status else "5.0.0"
    return Bounce(action.startswith(FAILED), code, reason, _returned(mail, ""))


def _returned(mail: Message, said: str) -> str:
    """The Message-ID of the returned mail, which is enclosed as a mail, as headers, or as text."""
    for part in _parts(mail):
        kind = part.get_content_type()
        inner = part.get_payload()
        nested = inner[0] if isinstance(inner, list) and inner else None
        if kind == "message/rfc822" and isinstance(nested, Message):
            found = message_ids(nested, "Message-ID")
        elif kind in ("text/rfc822-headers", "message/rfc822-headers"):
            found = [match[2] for match in FIELD.finditer(str(part.get_payload()))]
        else:
            continue
        if found:
            return found[0]
    written = FIELD.search(said)
    return written[2] if written else ""


def _parts(mail: Message, most: int = 100) -> list[Message]:
    """The parts of the mail, without those of mails inside it."""
    found: list[Message] = []
    waiting = [mail]
    while waiting and len(found) < most:
        part = waiting.pop(0)
        found.append(part)
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting += [one for one in inner if isinstance(one, Message)]
    return found


def _text(mail: Message) -> str:
    plain = next((part for part in _parts(mail) if part.get_content_type() == "text/plain"), mail)
    content = plain.get_payload(decode=True)
    return content.decode("utf-8", "replace")[:100_000] if isinstance(content, bytes) else ""
