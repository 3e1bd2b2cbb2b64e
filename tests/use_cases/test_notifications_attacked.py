"""What an attacker, or bad luck, tries of rows N1, N4, N6, N9, N10, and what must come of it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from deploy.local.whatsapp.callbacks import body_of
from deploy.local.whatsapp.phone import PHONE_NUMBER_ID
from services.chassis.errors import NotFound
from services.chassis.handling.session import Actor
from services.chassis.pages import read_cursor, word
from services.chassis.personal_data.inventory import erase_rows
from services.notifications import personal_data, subscribers
from services.notifications.audience.queries import get_audience as audience
from services.notifications.deliveries.model import File, email
from services.notifications.deliveries.repository import document_of
from services.notifications.inbound.model import Received
from services.notifications.inbound.receiving import receive
from services.notifications.inbound.repository import RETENTIONS
from services.notifications.mailboxes.incoming import take_mail
from services.notifications.mailboxes.jobs import make_reader
from services.notifications.mailboxes.model import delivery_answered, reply_address
from services.notifications.mailboxes.parsing.mail import mail_of
from services.notifications.mailings import queries
from services.notifications.personal_data import INVENTORY
from services.notifications.watching.jobs import queue_digest
from services.notifications.webhooks.jobs import _maker_may_read
from services.notifications.whatsapp import files
from services.notifications.whatsapp.incoming import take_message, take_states
from services.notifications.whatsapp.jobs import _hand_on
from services.notifications.whatsapp.model import Content, Conversation, message_to
from services.notifications.whatsapp.reading import read
from tests.support.builders.mailboxes_in_memory import DELIVERY_ID, REPLY_KEY, mailbox, with_a_sent_mail
from tests.support.builders.mailings_in_memory import InMemoryMailings, audience_member
from tests.support.builders.notifications_in_memory import (
    BOARD,
    FULL,
    InMemoryNotifications,
    narrowed,
    sender,
    with_watchers,
)
from tests.support.builders.webhook_records import webhook

NOW = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
NUMBER = "+5531988888888"


def erase(made: Any, person: str) -> None:
    erase_rows(made, INVENTORY, person)


# Mailings


def test_letters_are_printed_without_who_was_erased_meanwhile() -> None:
    made, home = InMemoryMailings(), {"city": "Betim", "state": "MG"}
    mailing_id = made.mailing(kind="after_sale")
    made.batch(mailing_id, 1, [audience_member(number, email=None, address=home) for number in (1, 2)])
    erase(made, "p1")
    letters = made.ask(queries.list_mailing_letters, mailing_id=mailing_id)["items"]
    assert [one["name"] for one in letters] == ["Pessoa 0002"]


def test_a_cursor_of_recipients_does_not_tell_where_they_live() -> None:
    made = InMemoryMailings()
    mailing_id = made.mailing(order="city")
    made.batch(mailing_id, 1, [audience_member(one, address={"city": f"Betim {one}", "state": "MG"}) for one in (1, 2)])
    first = made.ask(queries.list_mailing_recipients, mailing_id=mailing_id, limit=1)
    assert read_cursor(first["next_cursor"], word) == [first["items"][0]["id"]]
    rest = made.ask(queries.list_mailing_recipients, mailing_id=mailing_id, limit=1, cursor=first["next_cursor"])
    assert ([one["person_id"] for one in rest["items"]], rest["next_cursor"]) == (["p2"], None)
    other = made.mailing()
    stray = {"mailing_id": other, "cursor": first["next_cursor"]}
    assert made.refusal(queries.list_mailing_recipients, **stray) == "cursor_invalid"


# Mails


def test_an_answer_to_a_notice_opens_nothing_for_what_it_opened_would_be_told_and_answered_again() -> None:
    made = with_a_sent_mail()
    made.hear(
        subscribers.on_people_person_changed,
        "p4", 2, person_id="p4", name="Bia", categories=["employee"], emails=["bia@x.example"],
    )  # fmt: skip
    notice = email("ab" * 16, {"person_id": "p1", "attendance_id": "a1"}, "bia@x.example", "Novo parecer", "Oi", NOW)
    notice.user_id = "bia"
    notice.sent(NOW, "SMTP 250")
    made.collection("deliveries").insert(document_of(notice))
    raw = b"From: bia@x.example\r\nSubject: Recebi\r\nIn-Reply-To: <%s@vinculo>\r\n\r\nEstou fora." % notice.id.encode()
    message = made.run(lambda tx: take_mail(tx, mailbox(), REPLY_KEY, mail_of(raw, NOW)))
    assert (message.state, message.person_id) == ("unassigned", None)
    assert not [one for one in made.documents("outbox") if one["name"] == "message_received"]


def test_a_reply_address_is_one_that_servers_take() -> None:
    assert reply_address(f"{'a' * 22}@x.example", REPLY_KEY, DELIVERY_ID) is None
    address = reply_address(f"{'a' * 21}@x.example", REPLY_KEY, DELIVERY_ID) or ""
    assert delivery_answered(f"{'a' * 21}@x.example", REPLY_KEY, [address]) == DELIVERY_ID


def test_a_reply_address_of_another_company_or_cut_answers_nothing() -> None:
    address = reply_address("a@x.example", REPLY_KEY, DELIVERY_ID) or ""
    assert delivery_answered("a@x.example", b"o" * 32, [address]) is None
    name, _, domain = address.partition("@")
    for wrong in (name[:-1], f"{name}a", name.replace("+", "-"), f"x{name}"):
        assert delivery_answered("a@x.example", REPLY_KEY, [f"{wrong}@{domain}"]) is None


def test_a_message_from_a_clock_that_is_years_late_is_kept_as_long_as_others() -> None:
    assert {one.at for one in RETENTIONS} == {one.at for one in files.RETENTIONS} == {"stored_at"}
    made = InMemoryNotifications()
    late = Received("email", "1", "a@c.example", NOW.replace(year=1980), "Oi", files=[])
    message = made.run(lambda tx: receive(tx, late))
    assert message.stored_at.year > 2020


def test_a_files_type_is_no_place_for_a_megabyte() -> None:
    made = InMemoryNotifications()
    raw = b"From: a@c.example\r\nContent-Type: a/" + b"b" * 1_000_000 + b"\r\n\r\nx"
    made.run(lambda tx: take_mail(tx, mailbox(), REPLY_KEY, mail_of(raw, NOW)))
    (kept,) = made.documents("inbound_files")
    assert len(kept["files"][0]["media_type"]) == 100


@pytest.mark.parametrize(("active", "looks"), [(True, 1), (False, 0)])
def test_nobody_reads_the_mailbox_of_a_user_who_left(active: bool, looks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made, looked = with_watchers(), list[str]()
    made.user("ana", active=active)
    box = mailbox(id="user-ana", user_id="ana")
    module = "services.notifications.mailboxes.jobs"
    monkeypatch.setattr(f"{module}.mailbox_of", lambda row: box)
    monkeypatch.setattr(f"{module}.secrets_of", lambda company, mailbox: {"password": "x"})

    def look(*_: Any) -> Any:
        looked.append("x")
        raise OSError

    monkeypatch.setattr(f"{module}.look", look)
    put_off: Any = SimpleNamespace(put_off=lambda until, **fields: None)
    monkeypatch.setattr(f"{module}.Work", lambda *_: put_off)
    runtime: Any = SimpleNamespace(database=None, session_for=lambda *_: made.session())
    make_reader(runtime).handle({"_id": "c1:user-ana", "company": "c1", "version": 1})
    assert len(looked) == looks


# Digests


def test_a_digest_is_not_sent_once_any_of_its_attendances_is_hidden_from_its_reader(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = with_watchers(w1=[FULL])
    made.watches("w1", mode="hourly")
    made.entry(flow=BOARD, text="Segredo")
    made.entry(sequence=3, attendance_id="a2", text="Outro")
    (work,) = made.documents("digests")
    made.run(lambda tx: queue_digest(tx, tx.digests.waiting(work)), repeats=True)
    (mail,) = made.documents("deliveries")
    assert "Segredo" in mail["body"]
    made.entry(sequence=4, flow={**BOARD, "version": 2, "users": ["ana"]}, text="Depois")
    send, mails = sender(made, monkeypatch)
    send({**mail, "company": made.company})
    assert mails == []


# Webhooks


def test_a_webhook_ends_with_its_makers_whole_sight() -> None:
    made = with_watchers()
    rights = ["people.read", "attendance.read", "notifications.configure"]
    made.user("u1", roles=[{**FULL, "permissions": rights}])
    assert made.run(lambda tx: _maker_may_read(tx, webhook()))
    made.user("u1", version=2, roles=[{**narrowed(category=["client"])[0], "permissions": rights}])
    assert not made.run(lambda tx: _maker_may_read(tx, webhook()))


# WhatsApp


def callback(**value: Any) -> Any:
    body = json.loads(body_of({}))
    body["entry"][0]["changes"][0]["value"] |= value
    return read(body, PHONE_NUMBER_ID)


@pytest.mark.parametrize("wrong", [5, {}, [1], "", None, True])
def test_what_bears_no_id_is_passed_over(wrong: Any) -> None:
    state = {"id": wrong, "status": "read", "timestamp": "1795532400"}
    message = {"id": wrong, "from": "5531988888888", "type": "text", "text": {"body": "x"}}
    assert callback(statuses=[state], messages=[message]) == ([], [])


def test_no_text_of_a_callback_is_one_that_cant_be_stored() -> None:
    lone = "a\ud800b"
    one = {"from": lone, "id": lone, "type": "document", "timestamp": lone}
    document = {"id": lone, "mime_type": lone, "filename": lone, "caption": lone}
    reaction = {"from": "55", "id": "2", "type": "reaction", "reaction": {"emoji": {"a": ["x" * 90_000]}}}
    place = {"from": "55", "id": "3", "type": "location", "location": {"latitude": ["x"] * 9_000, "longitude": lone}}
    _, messages = callback(messages=[{**one, "document": document}, reaction, place], contacts=[{"wa_id": lone}])
    assert "\ud800" not in str(messages)
    str(messages).encode()
    assert [len(one.text) < 200 for one in messages] == [True] * 3


def test_a_file_that_is_fetched_while_its_person_is_erased_leaves_nothing_and_does_not_come_back() -> None:
    made = InMemoryNotifications()
    content = {"id": "9", "mime_type": "audio/ogg", "filename": "segredo.ogg"}
    one = {"from": NUMBER.lstrip("+"), "id": "w1", "timestamp": "1795532400", "type": "audio", "audio": content}
    _, (message,) = callback(messages=[one], contacts=[{"wa_id": NUMBER.lstrip("+"), "profile": {"name": "Rita"}}])
    made.run(lambda tx: tx.conversations.save(Conversation(NUMBER, "p1", NOW)))
    made.run(lambda tx: take_message(tx, message))
    (row,) = made.documents("whatsapp_files")
    erase(made, "p1")
    made.run(lambda tx: tx.whatsapp_files.add_parts(row, b"x" * 10), repeats=True)
    made.run(lambda tx: _hand_on(tx, row["_id"], b"x" * 10))
    assert made.documents("whatsapp_file_parts") == []
    made.run(lambda tx: take_message(tx, replace(message, file=None)))
    assert made.documents("inbound_messages") == []
    assert "Rita" not in str(made.documents("whatsapp_files")) + str(made.documents("whatsapp_conversations"))
    assert "segredo" not in str(made.documents("whatsapp_files"))


def test_a_thousand_states_of_one_callback_are_two_reads_and_each_goes_to_its_own_message() -> None:
    made = InMemoryNotifications()
    for number in range(500):
        message = message_to(f"d{number}", ("p1", None), NUMBER, "Oi", Content(), NOW)
        message.message_id = "" if number % 2 else f"w{number}"
        made.collection("deliveries").insert(document_of(message))
    mine = {"timestamp": "1795532400"}
    brought = [{"biz_opaque_callback_data": f"d{number}"} if number % 2 else {} for number in range(500)]
    states = [
        {**mine, **one, "id": f"w{number}", "status": status}
        for number, one in enumerate(brought)
        for status in ("read", "sent")
    ]
    found, _ = callback(statuses=[*states, {**mine, "id": "another's", "status": "read"}])
    calls = made.collection("deliveries").calls
    before = calls.total()
    made.run(lambda tx: take_states(tx, found))
    assert calls.total() - before <= 2
    rows = made.documents("deliveries")
    assert {(row["status"], row["message_id"]) for row in rows} == {("read", f"w{number}") for number in range(500)}


def test_what_nobody_assigned_goes_with_the_data_of_the_one_person_it_came_from() -> None:
    made = with_a_sent_mail()
    made.hear(
        subscribers.on_people_person_changed, "p1", 3, person_id="p1", name="Rita", categories=[],
        emails=["rita@cliente.example", "contato@dupla.example"], phones=[NUMBER],
    )  # fmt: skip
    for number, writer in enumerate(("rita@cliente.example", NUMBER, "contato@dupla.example", "outra@x.example")):
        found = Received("email", str(number), writer, NOW, f"Segredo de {writer}", files=[File("a", "a/b", b"x")])
        made.run(lambda tx, found=found: receive(tx, found))  # type: ignore[misc]
    made.run(lambda tx: tx.conversations.save(Conversation(NUMBER, None, NOW)))
    data = {"erasure_id": "e" * 32, "persons": ["p1"]}
    made.hear(personal_data.on_people_person_erasure_requested, "p1", 4, **data)
    erase(made, "p1")
    texts = [one["text"] for one in made.documents("inbound_messages")]
    assert sorted(filter(None, texts)) == ["Segredo de contato@dupla.example", "Segredo de outra@x.example"]
    assert (len(made.documents("inbound_files")), made.documents("whatsapp_conversations")) == (2, [])


# Dry runs


def test_a_dry_run_about_a_hidden_attendance_does_not_tell_an_outsider_who_may_see_it() -> None:
    made = with_watchers(w1=[FULL], w2=[FULL])
    made.entry(flow=BOARD)
    asked: dict[str, Any] = {
        "person_id": "p1",
        "attendance_id": "a1",
        "customer": None,
        "to": [],
        "whatsapp": None,
        "watchers": True,
    }
    made.actor = Actor("mallory", "Mallory")
    with pytest.raises(NotFound, match="attendance_not_found"):
        made.do(audience, dict(asked))
    made.actor = Actor("ana", "Ana")
    assert [(one.user_id, one.reason) for one in made.do(audience, asked)["items"]] == [
        ("w1", None), ("w2", "right_missing"),
    ]  # fmt: skip
