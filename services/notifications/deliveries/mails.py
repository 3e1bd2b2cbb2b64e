"""The e-mails to customers. Pure.

The copy of an entry (row A10), an e-mail that a user wrote (rows N2, N3), a quote or visit sheet (rows S12, S23).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from services.notifications.deliveries.model import Delivery, Enclosure, File, delivery_id, email, file_name
from services.notifications.mail.page import html_of


def customer_copy(
    event_id: str, entry: dict[str, Any], now: dt.datetime, sender_id: str | None = None
) -> tuple[Delivery, Enclosure | None] | None:  # fmt: skip
    """Row A10: the customer's copy of an entry (EntrySeen's data) with its files; None where none was asked for."""
    address = entry["customer_email"]
    if not entry["notify_customer"] or not address:
        return None
    number = f" (atendimento nº {entry['reference']})" if entry["reference"] else ""
    body = (
        f"Olá, {entry['person_name']}.\n\n"
        f"{entry['author_name']} registrou no seu atendimento “{entry['title']}”{number}:\n\n"
        f"{entry['text']}\n"
        f"{_left_out(entry['left_out'])}"
    )
    # An id of its own: a watcher with the same address receives another text.
    copy = email(delivery_id(event_id, f"customer:{address}"), entry, address, entry["title"], body, now)
    copy.sender_id = sender_id
    files = [File(**file) for file in entry["files"]]
    if not files:
        return copy, None
    copy.enclosure_id = copy.id
    return copy, Enclosure(copy.id, copy.person_id, None, files, now)


def entry_mails(
    event_id: str, entry: dict[str, Any], now: dt.datetime, sender_id: str | None = None
) -> tuple[list[Delivery], Enclosure | None]:
    """Row N3: the mails of an entry that is an e-mail (EntrySeen's data), one a recipient; none of another entry."""
    sent = entry.get("email")
    if sent is None:
        return [], None
    text = f"{entry['text']}\n{_left_out(entry['left_out'])}"
    files = [File(**file) for file in entry["files"]]
    about = (entry["person_id"], entry["attendance_id"])
    return letters_to(event_id, sent["to"], sent["subject"], text, files, about, now, sender_id)


def letters_to(
    event_id: str,
    recipients: Sequence[str],
    subject: str,
    text: str,
    files: list[File],
    about: tuple[str, str | None],
    now: dt.datetime,
    sender_id: str | None,
) -> tuple[list[Delivery], Enclosure]:
    """Rows N2, N3: one mail a recipient with text, HTML and files. `about`: the ids of person and attendance."""
    person_id, attendance_id = about
    enclosure = Enclosure(delivery_id(event_id, "email"), person_id, html_of(text), files, now)
    named = {"person_id": person_id, "attendance_id": attendance_id}
    mails = []
    for address in recipients:
        mail = email(delivery_id(event_id, f"email:{address}"), named, address, subject, text, now)
        mail.enclosure_id, mail.sender_id = enclosure.id, sender_id
        mails.append(mail)
    return mails, enclosure


def document_mails(
    event_id: str, document: dict[str, Any], now: dt.datetime, sender_id: str | None = None
) -> tuple[Enclosure, list[Delivery]]:
    """Rows S12, S23: one e-mail a recipient of a quote or visit sheet (DocumentSeen's data), and their enclosure."""
    paper = File(document["file_name"], "application/pdf", document["pdf"])
    enclosure = Enclosure(document["sending_id"], document["person_id"], document["html"], [paper], now)
    return enclosure, _to_each(event_id, "document", document, enclosure, now, sender_id)


def nfe_mails(
    event_id: str, nfe: dict[str, Any], now: dt.datetime, sender_id: str | None = None
) -> tuple[Enclosure, list[Delivery]]:
    """Row S22: one e-mail a recipient of an NF-e (NfeSeen's data), and their enclosure."""
    files = [File(**file) for file in nfe["files"]]
    enclosure = Enclosure(nfe["sending_id"], nfe["person_id"], None, files, now)
    return enclosure, _to_each(event_id, "nfe", nfe, enclosure, now, sender_id)


def _to_each(
    event_id: str, kind: str, told: dict[str, Any], enclosure: Enclosure, now: dt.datetime, sender_id: str | None
) -> list[Delivery]:  # fmt: skip
    mails = []
    for address in told["recipients"]:
        mail_id = delivery_id(event_id, f"{kind}:{address}")
        mail = email(mail_id, told, address, told["subject"], told["text"], now)
        mail.enclosure_id, mail.sender_id = enclosure.id, sender_id
        mails.append(mail)
    return mails


def _left_out(names: list[str]) -> str:
    """The sentence for the customer about files that were too large for the e-mail; empty without any."""
    if not names:
        return ""
    sentence = "este arquivo não foi anexado" if len(names) == 1 else "estes arquivos não foram anexados"
    return "\n".join(
        (f"\nPor causa do tamanho, {sentence} a este e-mail:", *(f"- {file_name(one)}" for one in names), "")
    )
