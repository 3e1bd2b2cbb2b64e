"""What is heard twice is told once, without a transaction; what is asked and recorded for many mails is one command."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import eventlet
import pytest

from services.chassis.handling.session import Actor
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.jobs.parking import GiveUp
from services.notifications import personal_data
from services.notifications import subscribers as notifications_subscribers
from services.notifications.deliveries.jobs import make_sender
from services.notifications.deliveries.model import MAX_ATTEMPTS, Failure
from services.notifications.mail.transport import Failed
from services.notifications.service import Notifications
from services.notifications.watching.batches import BATCH
from services.notifications.watching.jobs import make_watcher_mailer
from tests.support.builders.notifications_in_memory import (
    BOARD,
    FULL,
    NOW,
    InMemoryNotifications,
    runtime_of,
    sender,
    with_watchers,
)

ENTRY = {
    "attendance_id": "a1", "entry_id": "n1", "person_id": "p1", "person_name": "Rita", "title": "Dívida",
    "text": "Segredo", "author_name": "Bia", "recorded_at": NOW, "reference": 1, "notify_customer": False,
    "customer_email": None, "files": [], "left_out": [], "type_id": None, "flow": None,
}  # fmt: skip
COPY: dict[str, Any] = {"notify_customer": True, "customer_email": "rita@c.example"}
FILE = {"name": "a.pdf", "media_type": "application/pdf", "content": b"%PDF"}
SENT: dict[str, Any] = {
    "sending_id": "s1", "person_id": "p1", "attendance_id": "a1", "recipients": ["x@c.example", "y@c.example"],
    "subject": "Orçamento", "text": "Segue.", "html": "<p>Segue.</p>", "pdf": b"%PDF", "file_name": "o.pdf",
}  # fmt: skip


def hear(made: InMemoryNotifications, event_id: str = "e1", sequence: int = 2, **more: Any) -> int:
    """How many reads the entry costs."""
    event = ReceivedEvent(event_id, made.company, "a1", sequence, NOW, {**ENTRY, **more})
    before = reads(made)
    made.run_again(Notifications.on_attendance_entry_recorded, event)
    return reads(made) - before


def reads(made: InMemoryNotifications) -> int:
    return sum(made.collection(name).calls["read"] for name in made.names())


def test_an_entry_that_is_heard_again_tells_nobody_again_and_hands_over_no_work() -> None:
    made = with_watchers(w1=[FULL], w2=[FULL])
    event = ReceivedEvent("e1", made.company, "a1", 2, NOW, {**ENTRY, **COPY})
    made.run_again(Notifications.on_attendance_entry_recorded, event)
    before = made.stored()
    pending: list[Any] = []

    def again(tx: Any) -> None:
        Notifications.on_attendance_entry_recorded.__wrapped__(tx, event)  # type: ignore[attr-defined]
        tx.flush_new()
        pending.extend(tx.pending["deliveries"])
        tx.pending.clear()

    made.run(again, repeats=True)
    assert made.told() == ["rita", "w1", "w2"]
    assert (made.stored(), pending) == (before, [])


def test_what_was_half_told_when_its_process_died_is_told_to_the_rest() -> None:
    made = with_watchers(w1=[FULL], w2=[FULL])
    hear(made)
    lost = made.collection("deliveries").kept.popitem()
    hear(made)
    assert made.told() == ["w1", "w2"]
    assert lost[0] in made.collection("deliveries").kept


def test_an_entry_that_nobody_watches_costs_one_read_and_writes_nothing() -> None:
    """And those of the default list and of whether there is a feed, which a process remembers.

    The engine is asked where the person leads, too (Following.find).
    """
    made = with_watchers(w1=[FULL])
    before = made.stored()
    assert hear(made, person_id="p9") == 1 + 2
    assert made.stored() == before


def test_an_entry_asks_for_each_thing_once_however_many_watch() -> None:
    made = with_watchers(w1=[FULL], w2=[FULL], w3=[FULL])
    # watchers, redirection, person, attendance, users, roles; and whether there is a feed, which a process remembers
    assert hear(made) == 6 + 1
    # and the flow
    assert hear(made, "e2", 3, flow={**BOARD, "users": ["w1"]}) == 7 + 1


def test_the_rights_to_many_mails_are_asked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = with_watchers(**{f"w{number}": [FULL] for number in range(4)})
    hear(made, flow={**BOARD, "users": ["w0", "w1", "w2"]})
    made.user("w1", 2, active=False)
    send, mails = sender(made, monkeypatch)
    before = reads(made)
    rows = made.documents("deliveries")
    for one in [eventlet.spawn(send, {**row, "company": "c1"}) for row in rows]:
        one.wait()
    assert (sorted(mails), len(rows)) == (["w0@x.example", "w2@x.example"], 3)
    # redirection, person, users, roles, attendance, flow; and for each the company's account, which a process remembers
    assert reads(made) - before == 6 + len(mails)


def test_entries_that_are_heard_at_the_same_moment_are_asked_together() -> None:
    made = with_watchers(w1=[FULL])
    for person in ("p2", "p3"):
        made.hear(notifications_subscribers.on_people_person_registered, person, 1, person_id=person, name="X",
                  categories=[])  # fmt: skip
        made.watches("w1", person)
    made.actor = Actor("bia", "Bia")
    runtime, before = runtime_of(made), reads(made)

    def heard(number: int, person: str) -> None:
        session = runtime.session_for()
        data = {**ENTRY, "person_id": person, "attendance_id": f"a{number}", "flow": {**BOARD, "users": ["w1"]}}
        event = ReceivedEvent(f"e{number}", made.company, f"a{number}", 2, NOW, data)
        Notifications.on_attendance_entry_recorded.__wrapped__(session, event)  # type: ignore[attr-defined]
        session.flush_new()

    entries = [eventlet.spawn(heard, number, f"p{number}") for number in (1, 2, 3)]
    for one in entries:
        one.wait()
    assert made.told() == ["w1"] * 3
    # watchers of each; redirections, persons, users, roles, attendances, flows
    assert reads(made) - before == 3 + 6 + 3


def test_mails_of_several_persons_are_asked_together_and_refused_each_for_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = with_watchers(w1=[FULL])
    for person in ("p2", "p3"):
        made.hear(notifications_subscribers.on_people_person_registered, person, 1, person_id=person, name="X",
                  categories=[])  # fmt: skip
        made.watches("w1", person)
    for number, person in enumerate(("p1", "p2", "p3")):
        hear(made, f"e{number}", person_id=person, attendance_id=f"a{number}")
    made.hear(personal_data.on_people_person_erasure_requested, "x", 1, erasure_id="x", persons=["p2"])
    send, mails = sender(made, monkeypatch)
    for one in [eventlet.spawn(send, {**row, "company": "c1"}) for row in made.documents("deliveries")]:
        one.wait()
    found = {one["person_id"]: (one["status"], one["last_error"]) for one in made.documents("deliveries")}
    assert found == {"p1": ("sent", None), "p2": ("suppressed", "person_erased"), "p3": ("sent", None)}
    assert mails == ["w1@x.example"] * 2


def test_watchers_of_a_merged_person_are_told_what_is_heard_of_either(monkeypatch: pytest.MonkeyPatch) -> None:
    """The redirection alone is here: an entry was announced before its person was merged."""
    made = with_watchers(w1=[FULL])
    made.collection("redirects").insert({"_id": "old", "to": "p1", "sequence": 1})
    rows = made.collection("watches")
    find = rows.find
    # what Following does for a record without rows of its own
    monkeypatch.setattr(
        rows, "find", lambda where, sort, limit: find({**where, "person_id": "p1"}, sort, limit), raising=False
    )
    hear(made, person_id="old")
    assert made.told() == ["w1"]
    made.hear(personal_data.on_people_person_erasure_requested, "x", 1, erasure_id="x", persons=["p1", "old"])
    send, mails = sender(made, monkeypatch)
    (row,) = made.documents("deliveries")
    send({**row, "company": "c1"})
    assert (mails, made.documents("deliveries")[0]["last_error"]) == ([], "person_erased")


def test_the_files_of_a_copy_that_was_sent_do_not_come_back_with_a_repeat() -> None:
    made = InMemoryNotifications()
    hear(made, **COPY, files=[FILE])
    (enclosure,) = made.documents("enclosures")
    made.collection("enclosures").delete({"_id": enclosure["_id"]})
    hear(made, **COPY, files=[FILE])
    assert made.documents("enclosures") == []
    assert len(made.documents("deliveries")) == 1


def test_a_document_that_is_heard_again_is_sent_once_to_each() -> None:
    made = InMemoryNotifications()
    event = ReceivedEvent("e1", made.company, "s1", 1, NOW, SENT)
    for _ in range(2):
        made.run_again(notifications_subscribers.on_sales_document_sent, event)
    assert made.told() == ["x", "y"]
    assert [one["_id"] for one in made.documents("enclosures")] == ["s1"]


def test_the_job_that_mails_the_other_watchers_goes_on_where_it_stopped_and_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = with_watchers(**{f"w{number:03d}": [FULL] for number in range(2 * BATCH + 3)})
    hear(made)
    assert len(made.told()) == BATCH
    taken: list[Any] = []
    tell = make_watcher_mailer(runtime_of_the_job(made, taken)).handle
    (telling,) = made.documents("tellings")
    for _ in range(2):  # the second time as after a crash before its place was written
        tell({**telling, "company": "c1"})
        made.collection("tellings").kept[telling["_id"]] = telling
    assert len(made.told()) == 2 * BATCH
    tell({**telling, "company": "c1"})
    tell({**made.documents("tellings")[0], "company": "c1"})
    assert len(made.told()) == 2 * BATCH + 3
    assert made.documents("tellings") == []
    assert {one["_id"] for one in taken} == {"e1"}


def test_the_job_that_mails_the_other_watchers_tells_nobody_of_an_erased_person_and_brings_no_work_back() -> None:
    made = with_watchers(**{f"w{number:03d}": [FULL] for number in range(BATCH + 3)})
    hear(made)
    (telling,) = made.documents("tellings")
    made.hear(personal_data.on_people_person_erasure_requested, "x", 1, erasure_id="x", persons=["p1"])
    make_watcher_mailer(runtime_of_the_job(made, [])).handle({**telling, "company": "c1"})
    assert (len(made.told()), made.documents("tellings")) == (BATCH, [])


class Rows:
    """The collection of all companies, of which there is one."""

    def __init__(self, made: InMemoryNotifications, name: str) -> None:
        self._rows = made.collection(name)

    def update_one(self, where: dict[str, Any], changes: dict[str, Any]) -> Any:
        count = self._rows.update_many({k: v for k, v in where.items() if k != "company"}, changes)
        return SimpleNamespace(matched_count=count)

    def delete_one(self, where: dict[str, Any]) -> None:
        self._rows.delete({k: v for k, v in where.items() if k != "company"})


def runtime_of_the_job(made: InMemoryNotifications, taken: list[Any]) -> Any:
    return SimpleNamespace(
        config=SimpleNamespace(lease=1),
        database=SimpleNamespace(collection=lambda name: Rows(made, name)),
        jobs={"tellings": SimpleNamespace(accept=taken.append)},
        write=lambda company, actor, cause, seconds, work: made.run(work, repeats=True),
    )


@pytest.mark.parametrize(("attempts", "parked"), [(MAX_ATTEMPTS - 2, False), (MAX_ATTEMPTS - 1, True)])
@pytest.mark.parametrize("refused", [False, True])
def test_only_what_another_try_may_send_is_parked(
    attempts: int, parked: bool, refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mail that is refused for good at its very last attempt is not parked: nothing can send it."""
    made = with_watchers(w1=[FULL])
    hear(made)
    (row,) = made.documents("deliveries")

    def fail(delivery: Any, enclosure: Any) -> None:
        raise Failed(Failure("SMTP 550", permanent=True) if refused else Failure("down"))

    sender(made, monkeypatch)
    monkeypatch.setattr(
        "services.notifications.deliveries.jobs.installation_mailer", lambda: (SimpleNamespace(longest=1, send=fail), 1)
    )
    send = make_sender(runtime_of(made)).handle
    if parked and not refused:
        with pytest.raises(GiveUp):
            send({**row, "attempts": attempts, "company": "c1"})
    else:
        send({**row, "attempts": attempts, "company": "c1"})
    status = made.documents("deliveries")[0]["status"]
    assert status == ("dead" if refused or parked else "failed")
