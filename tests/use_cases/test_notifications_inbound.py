"""Row N10: a received message is stored once, announced with its files, and waits where nobody knows its place."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from services.chassis.handling.session import Actor
from services.chassis.handling.subscriptions import ReceivedEvent
from services.notifications.deliveries.model import File
from services.notifications.inbound import commands, jobs, queries, subscribers
from services.notifications.inbound.jobs import make_reminder
from services.notifications.inbound.model import FILES_BYTES, MOST_TEXT, files_of
from services.notifications.inbound.receiving import receive
from services.notifications.watching.model import WatchSettings
from tests.support.builders.inbound_in_memory import NOW, OF_KNOWN_SENDER, OF_UNKNOWN_SENDER, PDF, receive_message
from tests.support.builders.notifications_in_memory import FULL, InMemoryNotifications, with_watchers


def told(made: InMemoryNotifications) -> list[dict[str, Any]]:
    found = [json.loads(one["envelope"]) for one in made.documents("outbox") if one["name"] == "message_received"]
    return [{"sequence": one["sequence"], **one["data"]} for one in found]


def filed(made: InMemoryNotifications, message_id: str, sequence: int, attendance: str | None) -> None:
    event = ReceivedEvent("e", made.company, message_id, sequence, NOW, {})
    event.data.update(message_id=message_id, attendance_id=attendance)
    handler: Any = subscribers.on_attendance_message_filed
    made.run(lambda tx: handler.__wrapped__(tx, event))


def one(made: InMemoryNotifications) -> dict[str, Any]:
    (message,) = made.documents("inbound_messages")
    return message


def test_a_message_is_stored_once_and_announced_once() -> None:
    made = InMemoryNotifications()
    message = receive_message(made, OF_KNOWN_SENDER)
    assert receive_message(made, OF_KNOWN_SENDER) is None
    (heard,) = told(made)
    assert (heard["message_id"], heard["text"], heard["person_id"]) == (message.id, "Aceito.", "p1")
    assert heard["files"] == [{"name": "assinado.pdf", "media_type": "application/pdf", "content": "JVBERg=="}]


def test_the_same_external_id_over_another_channel_or_in_another_company_is_another_message() -> None:
    made = InMemoryNotifications()
    ids = {
        receive_message(made, OF_KNOWN_SENDER).id,
        receive_message(made, replace(OF_KNOWN_SENDER, channel="whatsapp")).id,
    }
    assert len(ids | {made.of("c2").run(lambda tx: receive(tx, OF_UNKNOWN_SENDER)).id}) == 3


def test_what_became_of_it_is_kept_and_its_files_go() -> None:
    made = InMemoryNotifications()
    message = receive_message(made, OF_KNOWN_SENDER)
    filed(made, message.id, 7, "a9")
    assert one(made)["state"] == "received"
    filed(made, message.id, 1, "a1")
    assert (one(made)["state"], one(made)["attendance_id"]) == ("filed", "a1")
    assert made.documents("inbound_files") == []
    filed(made, message.id, 1, None)
    assert one(made)["state"] == "filed"


def test_one_of_an_unknown_sender_waits_until_a_user_assigns_it() -> None:
    made = with_watchers(ana=[FULL])
    message = receive_message(made, OF_UNKNOWN_SENDER)
    assert (message.state, told(made)) == ("unassigned", [])
    made.actor = Actor("ana", "Ana")
    assert made.refusal(commands.assign_inbound_message, message_id=message.id, person_id="nobody") == (
        "person_not_found"
    )
    made.ask(commands.assign_inbound_message, message_id=message.id, person_id="p1")
    (heard,) = told(made)
    assert (heard["sequence"], heard["person_id"], heard["verified"], len(heard["files"])) == (2, "p1", True, 1)
    assert made.documents("inbound_files")[0]["person_id"] == "p1"
    again = {"message_id": message.id, "person_id": "p1"}
    assert made.refusal(commands.assign_inbound_message, **again) == "inbound_message_settled"
    filed(made, message.id, 2, None)
    assert one(made)["state"] == "unassigned"
    assert (one(made)["handled_by_name"], len(made.documents("inbound_files"))) == ("Ana", 1)


def test_one_that_is_put_away_loses_its_files_and_takes_no_assignment() -> None:
    made = InMemoryNotifications()
    message = receive_message(made, OF_UNKNOWN_SENDER)
    made.ask(commands.discard_inbound_message, message_id=message.id)
    assert (one(made)["state"], made.documents("inbound_files")) == ("discarded", [])
    again = {"message_id": message.id, "person_id": "p1"}
    assert made.refusal(commands.assign_inbound_message, **again) == "inbound_message_settled"
    assert made.refusal(commands.discard_inbound_message, message_id=message.id) == "inbound_message_settled"
    assert made.refusal(commands.discard_inbound_message, message_id="none") == "inbound_message_not_found"


@pytest.mark.parametrize("answers", [{}, {"person_id": "p1"}, {"person_id": "p1", "attendance_id": "a1"}])
def test_what_a_program_wrote_waits_for_nobody(answers: dict[str, str]) -> None:
    made = InMemoryNotifications()
    message = receive_message(made, replace(OF_UNKNOWN_SENDER, kind="automatic_answer", **answers))  # type: ignore[arg-type]
    assert message.state == ("received" if "attendance_id" in answers else "noted")
    assert receive_message(made, replace(OF_KNOWN_SENDER, external_id="b", kind="bounce", **answers)).state == "noted"  # type: ignore[arg-type]
    if message.state == "received":
        filed(made, message.id, 1, None)
        assert made.collection("inbound_messages").kept[message.id]["state"] == "noted"


def test_nothing_is_kept_of_an_erased_person() -> None:
    made = InMemoryNotifications()
    made.collection("persons").put({"_id": "p1", "erased": True})
    assert receive_message(made, OF_KNOWN_SENDER) is None
    assert made.documents("inbound_messages") == []


def test_files_have_room_and_harmless_names() -> None:
    large = File("../grande\n.bin", "application/octet-stream", b"x" * FILES_BYTES)
    fitting, left_out = files_of(replace(OF_KNOWN_SENDER, files=[PDF, large, PDF], left_out=["video.mp4"]))
    assert [file.name for file in fitting] == ["assinado.pdf"] * 2
    assert left_out == ["video.mp4", "_grande .bin"]
    assert len(files_of(replace(OF_KNOWN_SENDER, files=[PDF] * 60))[0]) == 50


def test_a_text_without_end_is_cut_and_a_time_to_come_is_now() -> None:
    made = InMemoryNotifications()
    message = receive_message(
        made, replace(OF_KNOWN_SENDER, text="a" * (MOST_TEXT + 1), received_at=NOW.replace(year=2099))
    )
    assert (len(message.text), message.text[-3:]) == (MOST_TEXT, "[…]")
    assert message.received_at == message.stored_at


def test_the_list_is_of_a_person_a_state_and_a_channel() -> None:
    made = InMemoryNotifications()
    receive_message(made, OF_KNOWN_SENDER)
    receive_message(made, replace(OF_UNKNOWN_SENDER, external_id="2"))
    receive_message(made, replace(OF_UNKNOWN_SENDER, external_id="3", channel="whatsapp"))
    ask = queries.list_inbound_messages
    assert len(made.ask(ask)["items"]) == 3
    assert len(made.ask(ask, state="unassigned")["items"]) == 2
    assert len(made.ask(ask, state="unassigned", channel="email")["items"]) == 1
    assert len(made.ask(ask, person_id="p1")["items"]) == 1


def late(made: InMemoryNotifications) -> dt.datetime | None:
    found: dt.datetime | None = one(made)["next_at"]
    return found


def test_one_that_waits_is_due_to_be_told_of_until_a_user_settles_it() -> None:
    made = with_watchers(ana=[FULL])
    message = receive_message(made, OF_UNKNOWN_SENDER)
    assert late(made) == message.stored_at + dt.timedelta(hours=4)
    made.actor = Actor("ana", "Ana")
    made.ask(commands.assign_inbound_message, message_id=message.id, person_id="p1")
    assert late(made) is None
    filed(made, message.id, 2, None)
    assert late(made) is not None
    made.ask(commands.discard_inbound_message, message_id=message.id)
    assert late(made) is None


def test_one_that_is_to_become_an_entry_is_not() -> None:
    made = InMemoryNotifications()
    message = receive_message(made, OF_KNOWN_SENDER)
    assert late(made) is None
    filed(made, message.id, 1, "a1")
    assert late(made) is None


class Reminded(InMemoryNotifications):
    """With what became of the reminder's work."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.ended: list[str] = []
        work = SimpleNamespace(done=lambda: self.ended.append("done"), put_off=lambda _: self.ended.append("put off"))
        monkeypatch.setattr(jobs, "Work", lambda *_: work)

    def remind(self, row: dict[str, Any]) -> None:
        def write(company: str, actor: Actor, cause: str, seconds: float, work: Any) -> None:
            self.run(work, repeats=True)

        runtime: Any = SimpleNamespace(database=None, write=write)
        make_reminder(runtime).handle({**row, "company": self.company})

    def default_list(self, *users: str) -> None:
        for user in users:
            self.user(user)
        self.run(lambda tx: tx.watch_settings.save(WatchSettings([*users])))


def test_the_default_list_is_told_once_an_hour_how_many_wait_and_nothing_of_what_they_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = Reminded(monkeypatch)
    made.default_list("w1", "w2")
    for number in range(3):
        receive_message(made, replace(OF_UNKNOWN_SENDER, external_id=f"{number}"))
    for row in made.documents("inbound_messages"):
        made.remind(row)
    mails = made.documents("deliveries")
    assert sorted(mail["recipient"] for mail in mails) == ["w1@x.example", "w2@x.example"]
    assert made.ended == 3 * ["put off"]
    assert "quem pertencem: 3. A mais antiga chegou em 24/11/2026 às 12:00" in mails[0]["body"]
    assert not any(word in mails[0]["body"] for word in ("Aceito", "rita"))


ADMINISTRATOR: dict[str, Any] = {
    "role_id": "admin", "version": 0, "scopes": {},
    "permissions": ["notifications.read", "notifications.write", "notifications.configure"],
}  # fmt: skip
BLIND = {**ADMINISTRATOR, "role_id": "blind", "scopes": {"section": ["addresses"]}}
NARROWED = {**ADMINISTRATOR, "role_id": "narrowed", "scopes": {"category": ["client"]}}


@pytest.mark.parametrize("listed", [(), ("gone",)])
def test_without_a_default_list_those_who_may_settle_a_message_and_change_the_list_are_told(
    monkeypatch: pytest.MonkeyPatch, listed: tuple[str, ...]
) -> None:
    made = Reminded(monkeypatch)
    made.default_list(*listed)
    for user, role in (("boss", ADMINISTRATOR), ("seller", FULL), ("blind", BLIND), ("narrowed", NARROWED)):
        made.user(user, roles=[role])
    for user in ("gone", "left"):
        made.user(user, version=9, active=False, roles=[ADMINISTRATOR])
    receive_message(made, OF_UNKNOWN_SENDER)
    made.remind(one(made))
    told = [(mail["recipient"], mail["user_id"]) for mail in made.documents("deliveries")]
    assert told == [("boss@x.example", "boss")]


def test_with_a_default_list_no_administrator_is_told_besides(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Reminded(monkeypatch)
    made.user("boss", roles=[ADMINISTRATOR])
    made.default_list("w1")
    receive_message(made, OF_UNKNOWN_SENDER)
    made.remind(one(made))
    assert [mail["recipient"] for mail in made.documents("deliveries")] == ["w1@x.example"]


def test_of_one_that_was_settled_meanwhile_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Reminded(monkeypatch)
    made.default_list("w1")
    message = receive_message(made, OF_UNKNOWN_SENDER)
    made.ask(commands.discard_inbound_message, message_id=message.id)
    made.remind(one(made))
    assert (made.ended, made.documents("deliveries")) == (["done"], [])
