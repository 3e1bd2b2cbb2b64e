"""Row A10: the customer's copy bears the entry's files, and nobody keeps them longer than the mail needs."""

from __future__ import annotations

import datetime as dt
import email
from email import policy
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import Invalid
from services.chassis.schemas import load
from services.notifications import personal_data
from services.notifications.deliveries import contract
from services.notifications.deliveries.model import MAX_ATTEMPTS, Delivery, Enclosure, File, file_name
from services.notifications.deliveries.repository import enclosure_in, forget_enclosure
from services.notifications.mail.letters import message_of
from services.notifications.watching.batches import BATCH
from tests.support.builders.notifications_in_memory import FULL, InMemoryNotifications, with_watchers
from tests.support.later import LATER

NOW = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
PDF: dict[str, Any] = {"name": "orçamento.pdf", "media_type": "application/pdf", "content": b"%PDF-1.7 \x00\xff"}
MAIL = "From: a@b.example\nSubject: =?utf-8?q?Ol=C3=A1?=\n\nOlá.\n".encode("latin-1")
BRUTE: dict[str, Any] = {"notify_customer": True, "customer_email": "rita@c.example"}


def copy_of(made: InMemoryNotifications, files: list[dict[str, Any]] = [PDF], left_out: list[str] | None = None) -> Any:  # noqa: B006
    """The customer's delivery of an entry."""
    made.entry(files=files, left_out=left_out or [], **BRUTE)
    return next(one for one in made.documents("deliveries") if one["recipient"] == "rita@c.example")


def delivery(**fields: Any) -> Delivery:
    made = {
        "id": "d1", "person_id": "p1", "channel": "email", "recipient": "rita@c.example", "subject": "Dúvida",
        "body": "Olá.\n", "status": "queued", "attempts": 0, "last_error": None, "message_id": "<d1@vinculo>",
        "created_at": NOW, "sent_at": None, "next_at": NOW, "enclosure_id": "d1",
    }  # fmt: skip
    return Delivery(**{**made, **fields})


def sent(*files: File, html: str | None = None) -> EmailMessage:
    """As it arrives."""
    made = message_of("vinculo@x.example", delivery(), Enclosure("d1", "p1", html, list(files), NOW))
    return email.message_from_bytes(made.as_bytes(policy=policy.SMTP), policy=policy.default)


def test_the_customers_copy_has_the_files_of_the_entry() -> None:
    made = InMemoryNotifications()
    copy = copy_of(made)
    (enclosure,) = made.documents("enclosures")
    assert copy["enclosure_id"] == enclosure["_id"]
    assert (enclosure["person_id"], enclosure_in(enclosure).files) == ("p1", [File(**PDF)])


def test_a_copy_without_files_keeps_nothing_besides_its_text() -> None:
    made = InMemoryNotifications()
    assert copy_of(made, [])["enclosure_id"] is None
    assert made.documents("enclosures") == []


def test_watchers_are_told_without_the_files_however_many_they_are() -> None:
    made = with_watchers(**{f"w{number:02d}": [FULL] for number in range(BATCH + 1)})
    copy_of(made, left_out=["planta.png"])
    watchers = [one for one in made.documents("deliveries") if one["user_id"]]
    assert len(watchers) == BATCH
    assert {one["enclosure_id"] for one in watchers} == {None}
    assert not any("planta" in one["body"] or "orçamento" in one["body"] for one in watchers)
    (telling,) = made.documents("tellings")
    assert telling["entry"].keys() & {"files", "left_out"} == set()


def test_the_copy_names_what_was_too_large_for_it() -> None:
    text = "\nSegredo\n\nPor causa do tamanho, este arquivo não foi anexado a este e-mail:\n- planta.png\n"
    assert copy_of(InMemoryNotifications(), left_out=["planta.png"])["body"].endswith(text)
    text = "\nPor causa do tamanho, estes arquivos não foram anexados a este e-mail:\n- a b.png\n- c.png\n"
    assert copy_of(InMemoryNotifications(), left_out=["a\r\nb.png", "c.png"])["body"].endswith(text)
    assert "tamanho" not in copy_of(InMemoryNotifications())["body"]


def test_a_file_that_is_no_base64_is_refused_for_good() -> None:
    with pytest.raises(Invalid):
        load(contract.FileSeen, {**PDF, "content": "isto não é"})


def test_nothing_is_kept_of_an_erased_person() -> None:
    made = InMemoryNotifications()
    made.hear(personal_data.on_people_person_erasure_requested, "x", 1, erasure_id="x", persons=["p1"])
    made.entry(files=[PDF], left_out=[], **BRUTE)
    assert (made.documents("deliveries"), made.documents("enclosures")) == ([], [])


def test_the_report_of_what_is_held_names_the_files() -> None:
    made = InMemoryNotifications()
    copy_of(made)
    data = {"person_id": "p1", "limit": 20, "cursor": None}
    rows = made.do(personal_data.get_person_data, data)["items"]
    (held,) = [one["data"] for one in rows if one["kind"] == "enclosures"]
    # all that is held, also what only a later version knows
    assert held["files"] == [{**PDF, "content": "11 bytes", **LATER}]


@pytest.mark.parametrize(
    ("status", "attempts", "refused", "stays"),
    [
        ("queued", 0, False, True),
        ("failed", 3, False, True),
        # parked: it may be requeued by hand
        ("dead", MAX_ATTEMPTS, False, True),
        # refused by the server: once its cause is mended, a retry by hand sends it
        ("dead", MAX_ATTEMPTS, True, True),
        ("dead", 1, True, True),
        ("sent", 1, False, False),
        ("suppressed", 0, False, False),
    ],
)
def test_the_files_go_with_the_last_try_of_their_mail(status: str, attempts: int, refused: bool, stays: bool) -> None:
    gone: list[Any] = []
    database: Any = SimpleNamespace(collection=lambda name: SimpleNamespace(delete_one=gone.append))
    forget_enclosure(database, "c1", delivery(status=status, attempts=attempts, refused=refused))
    assert gone == ([] if stays else [{"_id": "d1", "company": "c1"}])


def test_what_several_mails_share_does_not_go_with_the_first_of_them() -> None:
    forget_enclosure(None, "c1", delivery(status="sent", enclosure_id="sending"))  # type: ignore[arg-type]


def test_a_paper_from_before_there_were_several_files_is_sent_as_it_was() -> None:
    row = {"_id": "s1", "person_id": "p1", "html": "<p>x</p>", "pdf": b"%PDF", "file_name": "a.pdf", "created_at": NOW}
    assert enclosure_in(row) == Enclosure("s1", "p1", "<p>x</p>", [File("a.pdf", "application/pdf", b"%PDF")], NOW)


@pytest.mark.parametrize("html", [None, "<p>Olá</p>"])
@pytest.mark.parametrize(
    ("media_type", "said"),
    [
        ("application/pdf", "application/pdf"),
        ("text/plain", "text/plain"),
        ("application/x-ofx", "application/x-ofx"),
        ("message/rfc822", "application/octet-stream"),
        ("multipart/mixed", "application/octet-stream"),
        ("text/plain\r\nBcc: x@y.example", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_a_file_arrives_byte_by_byte_whatever_it_is(html: str | None, media_type: str, said: str) -> None:
    contents = [MAIL, b"\r\n.\r\n\x00\xff", "Ação\n".encode()]
    mail = sent(*(File(f"{number}.bin", media_type, one) for number, one in enumerate(contents)), html=html)
    parts = list(mail.iter_attachments())
    assert [one.get_payload(decode=True) for one in parts] == contents
    assert [one.get_content_type() for one in parts] == [said] * 3
    body, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert body is not None
    assert body.get_content().strip() == "Olá."
    assert (page is not None) == (html is not None)
    assert mail["Bcc"] is None


@given(st.text(max_size=300))
def test_no_name_of_a_file_writes_a_header_of_its_own_or_a_path(name: str) -> None:
    mail = sent(File(f"{name}.pdf", "application/pdf", b"%PDF"))
    assert list(mail.keys()) == [
        "From", "To", "Subject", "Message-ID", "Date", "MIME-Version", "Content-Type"
    ]  # fmt: skip
    (part,) = mail.iter_attachments()
    assert part.get_filename() == file_name(f"{name}.pdf")
    assert not set("/\\\r\n\0") & set(part.get_filename() or "")


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ('Orçamento "final" – ção 😀; v=1.pdf', 'Orçamento "final" – ção 😀; v=1.pdf'),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\notas\\a.pdf", "C:_notas_a.pdf"),
        ("a.pdf\r\nBcc: x@y.example", "a.pdf Bcc: x@y.example"),
        ("foto\u202egnp.exe", "fotognp.exe"),
        ("\ud800", "anexo"),
        ("..", "anexo"),
        ("é" * 250 + ".pdf", "é" * 250 + ".pdf"),
    ],
)
def test_a_file_is_called_what_it_was_but_for_what_would_be_more_than_a_name(asked: str, shown: str) -> None:
    (part,) = sent(File(asked, "application/pdf", b"%PDF")).iter_attachments()
    assert part.get_filename() == shown


def test_a_mail_of_html_alone_has_no_paper_of_an_earlier_version() -> None:
    row = {"_id": "d1", "person_id": "p1", "html": "<p>Olá</p>", "files": [], "created_at": NOW}
    assert enclosure_in(row).files == []
    assert sent(html="<p>Olá</p>").get_content_type() == "multipart/alternative"
