"""Reads a mail into the fields that are stored. Pure; takes any bytes."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import policy
from email.message import Message
from email.parser import BytesParser

from services.notifications.deliveries.model import File
from services.notifications.inbound.model import AUTOMATIC_ANSWER, BOUNCE, MESSAGE
from services.notifications.mailboxes.parsing.bounces import Bounce, bounce_of
from services.notifications.mailboxes.parsing.headers import addresses, all_of, message_ids, one_of, sent_at
from services.notifications.mailboxes.parsing.kinds import is_automatic, is_of_a_list
from services.notifications.mailboxes.parsing.parts import content_of
from services.notifications.mailboxes.parsing.quoting import split_quoted

# The most characters of the text that are searched: a hundred pages.
LONGEST = 200_000
LINE_ENDS = re.compile(r"\r\n?")
RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")


@dataclass(frozen=True)
class Mail:
    """`message_id` and `references` without brackets, the newest reference first. `from_list`: it came through a
    mailing list. `vouched`: the Authentication-Results headers, the last server's first; of who writes as several,
    none. `dated`: it says when it was sent."""

    message_id: str
    kind: str
    sender: str
    sender_name: str
    recipients: Sequence[str]
    references: Sequence[str]
    subject: str
    text: str
    quoted: str
    sent_at: dt.datetime
    files: Sequence[File]
    from_list: bool
    vouched: Sequence[str]
    bounce: Bounce | None = None
    dated: bool = False


def mail_of(raw: bytes, now: dt.datetime) -> Mail:
    """Parses a mail. `now`: the date of a mail without one."""
    mail: Message = BytesParser(policy=policy.compat32).parsebytes(raw)
    bounce = bounce_of(mail)
    content = content_of(mail)
    subject = one_of(mail, "Subject")
    text, quoted = split_quoted(LINE_ENDS.sub("\n", content.text[:LONGEST]), subject)
    writers = addresses(mail, "From")
    sent = sent_at(mail, now)
    name, sender = next(iter([*writers, *addresses(mail, "Sender")]), ("", ""))
    automatic = AUTOMATIC_ANSWER if is_automatic(mail, subject) else MESSAGE
    return Mail(
        message_id=next(iter(message_ids(mail, "Message-ID")), "") or hashlib.sha256(raw).hexdigest(),
        kind=BOUNCE if bounce else automatic,
        sender=sender,
        sender_name=name,
        recipients=list(dict.fromkeys(address for _, address in addresses(mail, *RECIPIENTS))),
        references=_references(mail, bounce),
        subject=subject,
        text=text,
        quoted=quoted,
        sent_at=sent,
        files=content.files,
        from_list=is_of_a_list(mail),
        vouched=all_of(mail, "Authentication-Results") if len(writers) == 1 else [],
        bounce=bounce,
        dated=sent < now,
    )


def _references(mail: Message, bounce: Bounce | None) -> list[str]:
    about = [bounce.message_id] if bounce and bounce.message_id else []
    found = [*about, *message_ids(mail, "In-Reply-To"), *reversed(message_ids(mail, "References"))]
    return list(dict.fromkeys(found))
