"""Row N1: how a watcher is told: at once, in a digest, or not now; not of what they do themselves; and who is told of a
person whom nobody watches."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import Conflict
from services.chassis.handling.session import Actor
from services.chassis.replicas.replica import LAST
from services.notifications import subscribers
from services.notifications.watching import commands, queries
from services.notifications.watching.batches import BATCH
from services.notifications.watching.jobs import queue_digest
from services.notifications.watching.model import DAILY, HOURLY, due_of
from tests.support.builders.notifications_in_memory import FULL, InMemoryNotifications, with_watchers, without

ZONE = ZoneInfo("America/Sao_Paulo")
NEW_YEAR = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def settle_on(made: InMemoryNotifications, *users: str) -> Any:
    made.actor = Actor("chefe", "Chefe")
    return made.do(commands.change_watch_settings, {"default_watcher_ids": list(users)})


def opened(made: InMemoryNotifications, has_entry: bool, attendance: str = "a1", title: str = "Obra") -> None:
    made.hear(
        subscribers.on_attendance_attendance_opened, attendance, 1, attendance_id=attendance, person_id="p1",
        title=title, reference=7, type_id=None, flow=None, has_entry=has_entry,
    )  # fmt: skip


@pytest.mark.parametrize(("mode", "told"), [("at_once", ["w1"]), ("muted", []), ("hourly", []), ("daily", [])])
def test_only_who_wants_it_at_once_is_told_at_once(mode: str, told: list[str]) -> None:
    made = with_watchers(w1=[FULL])
    made.watches("w1", mode=mode)
    made.entry()
    assert made.told() == told
    assert len(made.documents("digest_items")) == (mode in ("hourly", "daily"))


def test_nobody_is_told_of_their_own_action_unless_they_ask() -> None:
    made = InMemoryNotifications()
    for user, own in (("bia", False), ("ana", False)):
        made.user(user)
        made.watches(user, own_actions=own)
    made.entry()
    assert made.told() == ["ana"]
    made.watches("bia", own_actions=True)
    made.entry(sequence=3)
    assert made.told() == ["ana", "ana", "bia"]


def test_an_attendance_that_is_opened_without_an_entry_is_told_and_one_with_an_entry_is_told_once() -> None:
    made = with_watchers(w1=[FULL])
    opened(made, has_entry=False)
    (mail,) = made.documents("deliveries")
    assert mail["subject"] == "Atendimento aberto para Rita: Obra"
    assert "Bia abriu um atendimento" in mail["body"]
    opened(made, has_entry=True, attendance="a2")
    made.entry()
    assert len(made.documents("deliveries")) == 2


def test_without_watchers_the_default_list_is_told_and_with_one_it_is_not() -> None:
    made = InMemoryNotifications()
    for user in ("d1", "d2", "bia"):
        made.user(user)
    settle_on(made, "d1", "bia", "d2")
    made.entry()
    assert made.told() == ["d1", "d2"]
    made.user("w1")
    made.watches("w1")
    made.entry(sequence=3)
    assert made.told() == ["d1", "d2", "w1"]


def test_the_default_list_gives_nobody_a_right() -> None:
    made = InMemoryNotifications()
    made.user("d1", roles=without("people.read"))
    settle_on(made, "d1")
    made.entry()
    assert made.told() == []


def test_only_active_users_are_of_the_default_list() -> None:
    made = InMemoryNotifications()
    made.user("d1")
    made.user("gone", active=False)
    for wrong in ("gone", "nobody"):
        with pytest.raises(Conflict) as refused:
            settle_on(made, "d1", wrong)
        assert (refused.value.code, refused.value.params["users"]) == ("user_inactive", [wrong])
    assert [one["id"] for one in settle_on(made, "d1", "d1")["default_watchers"]] == ["d1"]


def test_a_digest_tells_all_that_came_once_and_only_what_its_reader_may_see() -> None:
    made = with_watchers(w1=[FULL])
    made.watches("w1", mode="hourly")
    for number in (2, 3):
        made.entry(sequence=number, text=f"Parecer {number}")
    made.entry(sequence=1, attendance_id="a2", flow={"flow_id": "f1", "version": 1, "users": ["outro"]}, text="Oculto")
    (work,) = made.documents("digests")

    def send() -> None:
        made.run(lambda tx: queue_digest(tx, tx.digests.waiting(work)), repeats=True)

    send()
    (mail,) = made.documents("deliveries")
    assert mail["subject"] == "Resumo de Rita: 2 registros"
    assert mail["body"].index("Parecer 2") < mail["body"].index("Parecer 3")
    assert "Oculto" not in mail["body"]
    send()
    assert len(made.documents("deliveries")) == 1


@given(st.integers(0, 366 * 86_400).map(lambda second: NEW_YEAR + dt.timedelta(seconds=second)))
def test_a_digest_is_due_after_its_moment_and_within_its_time(now: dt.datetime) -> None:
    hour, day = due_of(HOURLY, now, ZONE), due_of(DAILY, now, ZONE)
    assert dt.timedelta(0) < hour - now <= dt.timedelta(hours=1)
    assert dt.timedelta(0) < day - now <= dt.timedelta(days=1)
    assert day.astimezone(ZONE).hour == 8


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Asia/Kathmandu", "America/St_Johns", "America/Noronha"])
def test_an_hourly_digest_goes_out_at_the_full_hour_of_the_companys_clock(zone: str) -> None:
    now = dt.datetime(2026, 11, 24, 15, 29, 59, 7, dt.UTC)
    due = due_of(HOURLY, now, ZoneInfo(zone))
    local = due.astimezone(ZoneInfo(zone))
    assert (local.minute, local.second, local.microsecond) == (0, 0, 0)
    assert dt.timedelta(0) < due - now <= dt.timedelta(hours=1)


def test_what_an_erased_person_is_told_of_late_waits_for_no_further_watchers() -> None:
    users = [f"w{number:03}" for number in range(BATCH + 1)]
    made = with_watchers(**{user: [FULL] for user in users})
    for user in users:
        made.watches(user)
    made.collection("persons").put({"_id": "p1", "sequence": LAST, "erased": True, "name": "Pessoa apagada"})
    made.entry()
    assert (made.documents("tellings"), made.documents("deliveries")) == ([], [])


def test_who_watches_whom_is_listed_with_its_history() -> None:
    made = with_watchers(w1=[FULL])
    made.watches("w1", mode="daily")
    made.watches("w1", mode="daily", own_actions=True)
    made.actor = Actor("w1", "w1")
    listed = made.do(queries.list_watches, {"user_id": None, "limit": 20, "cursor": None})["items"]
    assert [(one["user"]["id"], one["person"], one["mode"]) for one in listed] == [
        ("w1", {"id": "p1", "name": "Rita"}, "daily")
    ]
    made.do(commands.unwatch_person, {"person_id": "p1"})
    made.do(commands.unwatch_person, {"person_id": "p1"})
    changes = made.do(queries.list_watch_changes, {"person_id": "p1", "limit": 20, "cursor": None})["items"]
    assert sorted(one["change"] for one in changes) == ["changed", "started", "stopped"]


def test_what_is_gathered_of_a_person_goes_with_their_data() -> None:
    from services.notifications import personal_data

    made = with_watchers(w1=[FULL])
    made.watches("w1", mode="daily")
    made.entry()
    made.hear(personal_data.on_people_person_erasure_requested, "x", 1, erasure_id="x", persons=["p1"])
    (row,) = made.documents("erasures")
    assert row
    held = {holding.collection for holding in personal_data.INVENTORY}
    assert {"digest_items", "digests", "watch_changes"} <= held
