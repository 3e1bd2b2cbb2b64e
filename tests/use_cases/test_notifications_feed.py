"""Row N9: what the feed keeps of imports, merges and erasures; and that a reader rebuilds the same state from any
cursor, however often it begins again."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import Unavailable
from services.chassis.handling.session import Actor
from services.notifications.service import Notifications
from services.notifications.webhooks import queries, recording
from services.notifications.webhooks.model import FeedEvent
from services.notifications.webhooks.repository import SETTLE
from tests.support.builders.notifications_in_memory import NOW, InMemoryNotifications

READER = ("notifications.read", "people.read", "attendance.read", "sales.read", "scheduling.read")
ENTRIES = "attendance.entry_recorded"


def fed() -> InMemoryNotifications:
    """Of a company that has a webhook."""
    made = InMemoryNotifications()
    made.run(lambda tx: tx.webhooks.switch(on=True))
    return made


def page(made: InMemoryNotifications, cursor: str | None = None, limit: int = 200, **scopes: Any) -> Any:
    made.actor = Actor("leitor", "Leitor", READER, scopes)
    data: dict[str, Any] = {"types": [], "person_id": None, "since": None, "limit": limit, "cursor": cursor}
    made.later(dt.timedelta(minutes=5))
    return made.do(queries.list_events, data)


def told(made: InMemoryNotifications, **scopes: Any) -> list[tuple[str, str, int]]:
    return [(f"{one.source}.{one.name}", one.data["person_id"], one.sequence) for one in page(made, **scopes)["items"]]


def imported(person: str, version: int, registered: bool) -> dict[str, Any]:
    return {"person_id": person, "name": person, "categories": [], "version": version, "registered": registered}


def test_each_person_of_an_import_is_told_as_one_by_hand() -> None:
    made = fed()
    persons = [imported("p7", 1, True), imported("p8", 4, False)]
    made.hear(Notifications.on_people_persons_imported, "i1", 2, persons=persons)
    assert told(made) == [("people.person_registered", "p7", 1), ("people.person_changed", "p8", 4)]
    assert len({one.id for one in page(made)["items"]}) == 2


def test_an_import_that_is_heard_again_is_told_once() -> None:
    made = fed()
    for _ in range(2):
        made.heard = 10
        made.hear(Notifications.on_people_persons_imported, "i1", 2, persons=[imported("p7", 1, True)])
    assert told(made) == [("people.person_registered", "p7", 1)]


def test_a_merge_names_the_survivor() -> None:
    made = fed()
    made.hear(Notifications.on_people_person_merged, "p2", 5, person_id="p2", survivor_id="p1")
    assert page(made)["items"][0].data == {"person_id": "p2", "survivor_id": "p1"}


def test_an_erasure_takes_the_persons_rows_and_leaves_that_it_was_asked_for() -> None:
    made = fed()
    made.hear(Notifications.on_people_person_changed, "p1", 2, person_id="p1", name="Rita", categories=[])
    made.hear(Notifications.on_people_person_erasure_requested, "x1", 1, erasure_id="x1", persons=["p1", "p2"])
    rows = made.documents("feed")
    kept = [one for one in rows if one["person_id"] is None]
    assert [(one["name"], one["data"]) for one in kept] == [
        ("person_erasure_requested", {"person_id": "p1"}),
        ("person_erasure_requested", {"person_id": "p2"}),
    ]


@pytest.mark.parametrize("handler", ["on_people_person_merged", "on_people_person_changed"])
def test_what_is_heard_too_slowly_for_its_moment_is_heard_again(monkeypatch: pytest.MonkeyPatch, handler: str) -> None:
    """A reader would have gone past the moment that its row bears."""
    made = fed()
    clock = iter([0.0, SETTLE.total_seconds() - 1, 100.0, 100.5])
    monkeypatch.setattr(recording, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    data = {"person_id": "p2", "survivor_id": "p1", "name": "Rui", "categories": []}
    with pytest.raises(Unavailable) as refusal:
        made.hear(getattr(Notifications, handler), "p2", 5, **data)
    assert (refusal.value.code, made.documents("feed")) == ("feed_late", [])
    made.hear(getattr(Notifications, handler), "p2", 5, **data)
    assert len(made.documents("feed")) == 1


def test_without_a_webhook_nothing_is_kept() -> None:
    made = InMemoryNotifications()
    made.hear(Notifications.on_people_person_merged, "p2", 5, person_id="p2", survivor_id="p1")
    assert made.documents("feed") == []


def test_a_reader_without_a_section_is_not_told_of_it() -> None:
    made = fed()
    made.hear(Notifications.on_sales_payment_recorded, "r1", 2, person_id="p1", receivable_id="r1", status="paid")
    made.hear(Notifications.on_attendance_attendance_closed, "a1", 2, person_id="p1", attendance_id="a1")
    seen = told(made, section=("watchers", "attendances", "opportunities"))
    assert [name for name, _, _ in seen] == ["attendance.attendance_closed"]


# (record, version, seconds after the one before it in the feed); versions repeat and come out of order
rows = st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 9), st.sampled_from((0, 0, 0, 1))), max_size=25)
# a reader's pages, and after which of them it loses its place and takes up an older one
steps = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 5)), min_size=1, max_size=12)


@given(rows=rows, steps=steps)
def test_a_reader_that_begins_again_anywhere_rebuilds_the_same_state(
    rows: list[tuple[str, int, int]], steps: list[tuple[int, int]]
) -> None:
    made, at = fed(), NOW
    right: dict[str, int] = {}
    for number, (record, version, later) in enumerate(rows):
        at += dt.timedelta(seconds=later)
        keep(made, _entry(f"{number:04d}", record, version, at))
        right[record] = max(right.get(record, 0), version)
    cursors: list[str | None] = [None]
    state: dict[str, int] = {}
    seen = set()
    for limit, back in [*steps, *[(200, 0)] * 2]:
        found = page(made, cursors[max(0, len(cursors) - 1 - back)], limit)
        for one in found["items"]:
            seen.add(one.id)
            state[one.aggregate] = max(state.get(one.aggregate, 0), one.sequence)
        cursors.append(found["next_cursor"])
    assert seen == {f"{number:04d}" for number in range(len(rows))}
    assert state == right
    assert page(made, cursors[-1])["items"] == []


def keep(made: InMemoryNotifications, event: FeedEvent) -> None:
    made.run(lambda tx: tx.feed.add([event]), repeats=True)


def _entry(row_id: str, record: str, version: int, at: dt.datetime) -> FeedEvent:
    about = {"person_id": "p1", "attendance_id": None, "data": {"person_id": "p1"}}
    by: dict[str, Any] = {"at": at, "stored_at": at, "actor_id": "ana", "actor_name": "Ana"}
    return FeedEvent(row_id, *ENTRIES.split("."), aggregate=record, sequence=version, **by, **about)  # type: ignore[misc, arg-type]
