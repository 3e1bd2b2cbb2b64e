"""A delivery as the bytes of an e-mail: what is written quickly is read as what EmailMessage would have written."""

from __future__ import annotations

import dataclasses
import datetime as dt
import email
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.notifications.deliveries.model import Delivery, Enclosure, File, one_line
from services.notifications.mail.letters import SEVEN_BITS, Letter, letter_of, message_of
from services.notifications.watching.model import Watch, delivery_for

NOW = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
SENDER = "Vínculo <vinculo@x.com>"
ENTRY = {"person_id": "p1", "attendance_id": "a1", "person_name": "José", "title": "Dúvida", "text": "Ligou.",
         "author_name": "Bia"}  # fmt: skip
DELIVERY = delivery_for("e1", ENTRY, Watch("u1", "Ana", "ana@x.com", "p1", NOW), NOW)
writable = st.text(st.characters(exclude_categories=["Cs"]))


def read(content: bytes) -> tuple[dict[str, str], str]:
    message = email.message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    headers = {name: str(value) for name, value in message.items() if not name.startswith("Content-")}
    return headers, str(message.get_content())


def arrived(text: bytes) -> bytes:
    """What a server keeps of what follows DATA (RFC 5321, 4.5.2)."""
    lines = text.split(b"\r\n")
    assert lines[-2:] == [b".", b""]
    assert b"." not in lines[:-2]
    return b"\r\n".join(line.removeprefix(b".") for line in lines[:-2]) + b"\r\n"


@given(writable, writable)
@example("Dúvida: " + "não " * 60, "é" * 3000)
@example("=?utf-8?q?x?=", ".\r\n..\rx\n.y \t\n")
@example("x" * 200, "=20\x00\x85 ")
def test_a_plain_mail_says_what_an_email_message_would(title: str, body: str) -> None:
    delivery = dataclasses.replace(DELIVERY, subject=one_line(title), body=body)
    letter = letter_of(SENDER, delivery, None)
    expected, _ = read(message_of(SENDER, delivery, None).as_bytes(policy=SEVEN_BITS))
    headers, text = read(arrived(letter.text))
    assert headers == {**expected, "Subject": delivery.subject}
    normal = body.replace("\r\n", "\n").replace("\r", "\n")
    assert text.replace("\r\n", "\n") == normal.removesuffix("\n") + "\n"
    lines = letter.content.split(b"\r\n")
    assert letter.content.isascii()
    assert max(map(len, lines)) <= 76
    assert not any(b"\n" in line or b"\r" in line for line in lines)


@pytest.mark.parametrize(
    "broken", [{"subject": "x\r\nBcc: a@x.com"}, {"subject": "x\nBcc: a@x.com"}, {"body": "\ud800"},
               {"recipient": "a@x.com\r\nBcc: b@x.com"}]
)  # fmt: skip
def test_what_would_be_a_header_of_its_own_or_no_text_is_not_written(broken: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        letter_of(SENDER, dataclasses.replace(DELIVERY, **broken), None)  # type: ignore[arg-type]


@pytest.mark.parametrize("recipient", ["ana@x.com", "a.b+c@sub.x.com.br", '"a b"@x.com', "josé@x.com"])
def test_a_mail_goes_to_its_recipient_whatever_address_that_is(recipient: str) -> None:
    letter = letter_of(SENDER, dataclasses.replace(DELIVERY, recipient=recipient), None)
    assert (letter.sender, letter.recipient) == ("<vinculo@x.com>", f"<{recipient}>")
    assert letter.international == (not recipient.isascii())
    assert f"\r\nTo: {recipient}\r\n".encode() in letter.content


def test_files_and_pages_are_sent_in_seven_bits() -> None:
    enclosure = Enclosure("d1", "p1", "<p>Olá</p>", [File("ç.txt", "text/plain", "ção\r\n.\r\n".encode())], NOW)
    content = letter_of(SENDER, DELIVERY, enclosure).content
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998


def test_a_line_of_one_dot_does_not_end_the_mail() -> None:
    assert Letter("<a@x>", "<b@x>", b"a\r\n.\r\n.b\r\n").text == b"a\r\n..\r\n..b\r\n.\r\n"
    assert Letter("<a@x>", "<b@x>", b"a").text == b"a\r\n.\r\n"


def test_a_delivery_is_not_changed_by_writing_it() -> None:
    before = dataclasses.asdict(DELIVERY)
    letter_of(SENDER, DELIVERY, None)
    assert Delivery(**before) == DELIVERY


def test_a_mail_to_a_customer_says_where_answers_go_and_one_to_a_user_that_no_person_wrote_it() -> None:
    reply_to = f"conversa+{'a' * 42}@padaria.example"
    to_customer = dataclasses.replace(DELIVERY, user_id=None, reply_to=reply_to)
    for delivery in (to_customer, dataclasses.replace(DELIVERY, reply_to=None)):
        for content in (
            letter_of(SENDER, delivery, None).content,
            message_of(SENDER, delivery, None).as_bytes(policy=SEVEN_BITS),
        ):
            headers, _ = read(content)
            assert headers.get("Reply-To") == delivery.reply_to
            assert headers.get("Auto-Submitted") == ("auto-generated" if delivery.user_id else None)
            assert headers.get("X-Auto-Response-Suppress") == ("All" if delivery.user_id else None)


def test_a_mail_of_a_mailing_has_its_link_whole_on_one_line_in_text_and_page() -> None:
    link = f"https://crm.empresa-modelo.example/u/vm_{'c' * 32}.{'0' * 32}.{'s' * 43}"
    told: dict[str, Any] = {"mailing_id": "m1", "opt_out_url": link, "footer": f"Para não receber mais: {link}"}
    content = letter_of(SENDER, dataclasses.replace(DELIVERY, body="Olá — já!", **told), None).content
    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in content
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in content
    message = email.message_from_bytes(content, policy=policy.default)
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        assert part is not None
        assert link in part.get_content()
        assert "Olá — já!" in part.get_content()
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
