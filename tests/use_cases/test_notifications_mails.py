"""Row N10: mails as programs really write them (tests/mails) land where they should, with their text; none loops."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.deliveries.model import SENT, delivery_id
from services.notifications.mailboxes.incoming import take_mail
from services.notifications.mailboxes.model import Mailbox, delivery_answered, is_certain, reply_address
from services.notifications.mailboxes.parsing.html import text_of
from services.notifications.mailboxes.parsing.mail import mail_of
from services.notifications.mailboxes.parsing.quoting import split_quoted
from tests.support.builders.mailboxes_in_memory import (
    ADDRESS,
    DELIVERY_ID,
    NOW,
    REPLY_KEY,
    mailbox,
    with_a_sent_mail,
)
from tests.support.builders.notifications_in_memory import InMemoryNotifications

MAILS = Path(__file__).parents[1] / "mails"
EXPECTED: dict[str, dict[str, Any]] = json.loads((MAILS / "expected.json").read_text())


def taken(made: InMemoryNotifications, name: str, box: Mailbox | None = None) -> Any:
    raw = (MAILS / name).read_bytes()
    return made.run(lambda tx: take_mail(tx, box or mailbox(), REPLY_KEY, mail_of(raw, NOW)))


def test_there_are_more_than_forty_and_each_says_what_is_expected() -> None:
    assert len(EXPECTED) >= 40
    assert EXPECTED.keys() == {path.name for path in MAILS.glob("*.eml")}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_mail_lands_where_it_should_with_its_text_and_once(name: str) -> None:
    made, expected = with_a_sent_mail(), EXPECTED[name]
    message = taken(made, name)
    if expected.get("ignored"):
        assert message is None
        assert made.documents("inbound_messages") == []
    else:
        _compare(message, expected)
        assert taken(made, name) is None
    delivery = made.collection("deliveries").kept[DELIVERY_ID]
    assert delivery["status"] == expected.get("delivery", SENT)
    if "reason" in expected:
        assert (delivery["last_error"], delivery["log"][-1]["reason"]) == (expected["last_error"], expected["reason"])
    # nothing is ever answered: no other mail is queued than the one that was
    assert len(made.documents("deliveries")) == 1


def _compare(message: Any, expected: dict[str, Any]) -> None:
    if "text" in expected:
        assert message.text == expected["text"]
    assert expected.get("quoted", "") in message.quoted
    assert bool(message.quoted) == ("quoted" in expected)
    assert (message.state, message.kind) == (expected["state"], expected.get("kind", "message"))
    assert (message.person_id, message.attendance_id) == (expected["person"], expected["attendance"])
    assert message.file_names == expected.get("files", message.file_names if expected.get("kind") == "bounce" else [])
    for name in ("sender_name", "subject", "verified"):
        assert getattr(message, name) == expected.get(name, getattr(message, name))


@pytest.mark.parametrize("name", EXPECTED)
def test_of_a_users_own_mailbox_only_answers_are_taken(name: str) -> None:
    made, box = with_a_sent_mail(), mailbox(user_id="u1", id="user-u1", address="ana@padaria.example")
    raw = (MAILS / name).read_bytes()
    found = made.run(lambda tx: take_mail(tx, box, b"", mail_of(raw, NOW)))
    refers = f"{DELIVERY_ID}@vinculo".encode() in raw and not EXPECTED[name].get("ignored")
    assert (found is not None) == refers


def test_a_second_message_of_a_conversation_that_began_without_us_follows_the_first() -> None:
    made = with_a_sent_mail()
    first = taken(made, "20_certain_sender.eml")
    first.file("a7")
    made.run(lambda tx: tx.inbound.save(first))
    raw = (MAILS / "21_unknown_sender.eml").read_bytes()
    raw = raw.replace(b"\r\nDate:", b"\r\nIn-Reply-To: <c1@mail.cliente.example>\r\nDate:", 1)
    second = made.run(lambda tx: take_mail(tx, mailbox(), REPLY_KEY, mail_of(raw, NOW)))
    assert (second.attendance_id, second.person_id, second.verified) == ("a7", "p1", True)


def test_a_bounce_of_what_is_not_under_way_changes_nothing() -> None:
    made = with_a_sent_mail()
    made.collection("deliveries").kept[DELIVERY_ID]["status"] = "suppressed"
    taken(made, next(name for name in EXPECTED if "dsn_failed." in name))
    assert made.collection("deliveries").kept[DELIVERY_ID]["status"] == "suppressed"


def test_a_reply_address_can_only_be_made_with_the_key() -> None:
    told = delivery_id("e1", "rita@cliente.example")
    address = reply_address(ADDRESS, REPLY_KEY, told)
    assert address is not None
    assert len(address.partition("@")[0]) <= 64
    assert delivery_answered(ADDRESS, REPLY_KEY, ["x@y.example", address.upper()]) == told
    assert delivery_answered(ADDRESS, b"another", [address]) is None
    assert delivery_answered("conversa@outra.example", REPLY_KEY, [address]) is None
    swapped = address.replace("+", "+a")[: len(address)]
    assert delivery_answered(ADDRESS, REPLY_KEY, [swapped]) is None
    assert reply_address(ADDRESS, REPLY_KEY, "nothing") is None


@pytest.mark.parametrize(
    ("vouched", "certain"),
    [
        (["mx.x.example; dmarc=pass header.from=c.example"], True),
        (["mx.x.example 1; spf=pass; dmarc=pass (p=none) header.from=C.example; dkim=fail"], True),
        (["mx.x.example; dmarc=pass header.from=evil.example"], False),
        (["mx.x.example; dmarc=fail header.from=c.example"], False),
        (["mx.evil.example; dmarc=pass header.from=c.example"], False),
        (["other.example; dmarc=pass header.from=c.example", "mx.x.example; dmarc=pass header.from=c.example"], False),
        (["mx.x.example; x-dmarc=pass header.from=c.example"], False),
        ([], False),
    ],
)
def test_only_the_mailboxes_own_server_makes_a_sender_certain(vouched: list[str], certain: bool) -> None:
    assert is_certain("rita@c.example", "mx.x.example", vouched) is certain
    assert is_certain("rita@c.example", None, vouched) is False


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(EXPECTED)), st.data())
def test_no_spoiled_mail_stops_the_reader(name: str, data: st.DataObject) -> None:
    raw = bytearray((MAILS / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=10))
        raw = raw or bytearray(b"\n")
    made = with_a_sent_mail()
    made.run(lambda tx: take_mail(tx, mailbox(), REPLY_KEY, mail_of(bytes(raw), NOW)))


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_any_text_is_parted_and_any_html_is_read(text: str) -> None:
    split_quoted(text, text)
    text_of(f"<div>{text}")


HOSTILE = [
    "Em x y z w\n" * 20_000, "> a\n" * 50_000 + "b", "> a\nb\n" * 30_000, "De: a\n" * 30_000, "_" * 200_000,
    ("_" * 30 + "\n") * 6_000, "---- " * 40_000, "Em " + "a " * 90_000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_takes_long(text: str) -> None:
    """Of the processor, which others do not share: a quarter of a second was seen, and a square would be minutes."""
    began = time.process_time()
    split_quoted(text[:200_000])
    text_of(f"<blockquote>{text[:200_000]}" * 2)
    assert time.process_time() - began < 8


def test_a_mail_within_a_mail_within_a_mail_ends() -> None:
    raw = b"From: rita@cliente.example\nSubject: fim\n\nfim\n"
    for number in range(300):
        raw = (
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number) + raw + b"\n--b%d--\n" % number
        )
    assert mail_of(raw, NOW).sender == ""
