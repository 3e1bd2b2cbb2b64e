"""Processes are stopped or killed (services, and the database): what was acknowledged is there, once."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter

import pytest

from tests.chaos.rig import ORPHAN_SECONDS, Callers, Conversations, Rig, write_note
from tests.support.stack.failpoints import FAILPOINTS
from tests.support.stack.ledger import Ledger
from tests.support.stack.ports import wait_for
from tests.support.stack.system import SERVICES

GRACE = 20


def test_sigterm_lets_work_in_flight_end_once(rig: Rig) -> None:
    """3 commands and 3 events of 5 s on the first replica; the second is up when it is told to stop."""
    first = rig.start("first", "probe", VINCULO_GRACE_SECONDS=str(GRACE))
    ledger, threads = Ledger("sigterm"), []
    for index in range(3):
        for kind, options in (("command", {"seconds": 5}), ("event", {"event_seconds": 5})):
            key = f"{kind} {index}"
            ledger.attempt(key)
            threads.append(threading.Thread(target=_note, args=(rig, ledger, key, options)))
    for thread in threads:
        thread.start()
    wait_for(lambda: len(rig.starts("note")) == 6 and len(rig.starts("heard")) == 3, 10, "work in flight")
    rig.start("second", "probe")
    asked = time.monotonic()
    code = first.stop(GRACE + 5)
    exit_seconds = time.monotonic() - asked
    for thread in threads:
        thread.join(30)
    wait_for(lambda: len(rig.texts("heard")) >= 6, 20, "all events heard")
    starts = sum(len(rig.starts("note", f"command {i}")) + len(rig.starts("heard", f"event {i}")) for i in range(3))
    ledger.settle(
        rig.texts("notes"), exit_seconds, {"heard": Counter(rig.texts("heard"))},
        starts=starts, done=len(ledger.acknowledged), exit_s=exit_seconds, code=code,
    )  # fmt: skip
    assert (starts, len(ledger.acknowledged), code) == (6, 6, 0)
    assert exit_seconds < GRACE


def _note(rig: Rig, ledger: Ledger, key: str, options: dict[str, float]) -> None:
    answer = rig.bus().call("probe", "note", {"text": key, **options}, key=key, seconds=30)
    if answer["error"] is None:
        ledger.acknowledge(key)


def test_nothing_is_lost_while_a_random_service_is_killed_every_five_seconds(rig: Rig) -> None:
    rig.start_five()
    talks, ledger, chance = Conversations(rig, 5), Ledger("random-kills"), random.Random(16)
    kills: list[str] = []
    last = time.monotonic()
    with Callers(rig, ledger, 5, talks.write) as callers:
        for _ in range(6):
            time.sleep(5)
            name = chance.choice(["attendance", "attendance", "notifications", "notifications", "people", "sales"])
            rig.processes[name].kill()
            kills.append(name)
            last = time.monotonic()
            rig.processes[name].start()
        rig.wait_ready(*SERVICES)
        time.sleep(5)
    wait_for(lambda: ledger.acknowledged <= set(talks.mails()), ORPHAN_SECONDS, "all e-mails")
    mails = rig.mails()
    resent = len(mails) - len({mail["message_id"] for mail in mails})
    tries = len(ledger.acknowledged) + callers.errors
    ledger.settle(
        talks.entries(), ledger.recovered_after(last), {"mails": talks.mails(), "deliveries": talks.deliveries()},
        kills=len(kills), ok_percent=100 * len(ledger.acknowledged) / tries, errors=callers.errors,
        mails=len(talks.mails()), resent_same_id=resent, worst_latency_s=ledger.worst,
    )  # fmt: skip


@pytest.mark.parametrize("step", FAILPOINTS)
def test_a_crash_at_any_step_of_the_outbox_neither_loses_nor_doubles_the_event(rig: Rig, step: str) -> None:
    """The caller insists with its key; the event appears once, and none without its record."""
    ledger, key = Ledger("outbox-crash"), f"ponto {step}"
    doomed = rig.start("doomed", "probe", VINCULO_FAILPOINT=step)
    caller = threading.Thread(target=_insist, args=(rig, ledger, key))
    caller.start()
    wait_for(lambda: not doomed.alive(), 15, "the crash")
    crashed = time.monotonic()
    rig.start("probe")
    caller.join(60)
    wait_for(lambda: rig.texts("heard"), ORPHAN_SECONDS, "the event")
    heard_after = time.monotonic() - crashed
    wait_for(lambda: not rig.count("probe", "outbox"), 20, "an empty outbox")
    time.sleep(1)
    notes, heard = rig.texts("notes"), rig.texts("heard")
    ledger.settle(
        notes, heard_after, {"heard": Counter(heard)},
        step=step, zombie=len(set(heard) - set(notes)), ghost=len(set(notes) - set(heard)), relay_s=heard_after,
        handler_starts=len(rig.starts("heard")),
    )  # fmt: skip
    assert set(heard) == set(notes) == {key}


def _insist(rig: Rig, ledger: Ledger, key: str) -> None:
    ledger.attempt(key)
    rig.bus().insist("probe", "note", {"text": key}, key, within=50, seconds=3)
    ledger.acknowledge(key)


def test_nothing_acknowledged_is_lost_when_the_database_is_killed(rig: Rig) -> None:
    rig.start("probe")
    ledger = Ledger("kill-9-database")
    with Callers(rig, ledger, 4, write_note) as callers:
        for _ in range(3):
            time.sleep(4)
            rig.database.kill()
            wait_for(lambda: not rig.is_ready("probe"), 10, "readiness to say that the database is gone")
            rig.database.start()
            back = time.monotonic()
            rig.wait_ready("probe")
        time.sleep(8)
    wait_for(lambda: ledger.acknowledged <= set(rig.texts("heard")), 30, "all events heard")
    ledger.settle(
        rig.texts("notes"), ledger.recovered_after(back), {"heard": Counter(rig.texts("heard"))},
        kills=3, errors=callers.errors, worst_latency_s=ledger.worst, deaths=rig.deaths(),
    )  # fmt: skip
    assert rig.deaths() == 0


def test_sigterm_while_a_worker_hangs_ends_within_the_grace_time(rig: Rig) -> None:
    """What cannot end within the grace goes back to the broker and is done elsewhere."""
    first = rig.start("first", "probe", VINCULO_GRACE_SECONDS="3")
    ledger, key = Ledger("hanging-worker"), "preso"
    ledger.attempt(key)
    caller = threading.Thread(target=_note, args=(rig, ledger, key, {"seconds": 12}))
    caller.start()
    wait_for(lambda: rig.starts("note"), 10, "work in flight")
    rig.start("second", "probe")
    asked = time.monotonic()
    code = first.stop(20)
    exit_seconds = time.monotonic() - asked
    caller.join(40)
    wait_for(lambda: rig.texts("heard"), 20, "the event")
    ledger.settle(
        rig.texts("notes"), exit_seconds, {"heard": Counter(rig.texts("heard"))},
        exit_s=exit_seconds, code=code, redelivered=len(rig.starts("note")) - 1,
    )  # fmt: skip
    assert exit_seconds <= 5
    assert code == 1
