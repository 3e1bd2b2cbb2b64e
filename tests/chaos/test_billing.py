"""Row S17: contracts are billed while sales is killed again and again: no period twice, none missing, each announced
once, and a contract that cannot be read is parked alone."""

from __future__ import annotations

import calendar
import datetime as dt
import json
import random
import time
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pymongo

from tests.chaos.rig import ORPHAN_SECONDS, Rig
from tests.support.builders.sold import item
from tests.support.stack.bus import Bus
from tests.support.stack.ports import wait_for

CONTRACTS = 60
KILLS = 6
HEARD = "chaos-billed"
DATED = 120
MONTHS = 24
CLOCK_RUNNER = "tests.support.stack.clock_runner"
# By how many months the clocks of two processes are ahead, one after the other; the last two are of the test's end.
JUMPS = [("sales", 2), ("sales", -1), ("twin", 7), ("sales", 5), ("twin", 4), ("sales", 14), ("twin", 13), ("sales", 9)]
TODAY = dt.datetime.now(ZoneInfo("America/Sao_Paulo")).date()


def test_a_service_killed_while_it_bills_bills_each_period_once(rig: Rig) -> None:
    for name in ("people", "sales"):
        rig.start(name, ready=False, VINCULO_WORK_DELAYS="0.2,0.5")
    rig.wait_ready("people", "sales")
    bus = rig.bus()
    bus.do(_listen)
    person = bus.result("people", "register_person", {"name": "Maria"}, seconds=10)["id"]
    wait_for(lambda: rig.count("sales", "persons"), 30, "the copy")
    chance, wanted = random.Random(17), Counter[str]()
    for number in range(CONTRACTS):
        due_day, price = chance.randint(1, 31), f"{chance.randint(1, 99999)}.{chance.randint(0, 99):02}"
        body = {"person_id": person, "external_id": str(number), "items": [item(price)], "due_day": due_day}
        body |= {"starts_on": "2020-01-01", "bills_from": _years_back(4)}
        made = bus.insist("sales", "put_contract", body, f"put {number}")
        wanted.update({f"{made['id']} {day} {Decimal(price)}": 1 for day in _due_days(due_day)})
        if number % (CONTRACTS // KILLS) == 0:
            rig.processes["sales"].kill()
            rig.processes["sales"].start()
        if number == CONTRACTS // 2:
            _spoil(rig)
    for _ in range(2):
        rig.wait_ready("sales")
        time.sleep(chance.uniform(0.5, 1.5))
        rig.processes["sales"].kill()
        rig.processes["sales"].start()
    killed = time.monotonic()
    rig.wait_ready("sales")
    wait_for(lambda: rig.count("sales", "receivables") >= wanted.total(), ORPHAN_SECONDS, "all periods")
    took = time.monotonic() - killed
    wait_for(lambda: not rig.count("sales", "outbox"), ORPHAN_SECONDS, "all announced")
    wait_for(lambda: rig.count("sales", "parked_work"), ORPHAN_SECONDS, "the one that can't be read is parked")
    rows = rig.documents("sales", "receivables")
    assert Counter(_told(row) for row in rows) == wanted
    assert len({(row["source_id"], row["period"]) for row in rows}) == len(rows)
    _check_announced(rig, rows)
    assert [parked["work"] for parked in rig.documents("sales", "parked_work")] == ["contracts"]
    worth = sum(row["amount"].to_decimal() for row in rows)
    print(f"billing: {KILLS + 2} kills, {len(rows)} receivables of {worth}, all there {took:.1f} s after the last kill")


def _dated_contracts(bus: Bus, person: str) -> dict[str, Decimal]:
    """Contracts from the first of this month, each due on some day; their monthly amounts by id."""
    chance, amounts = random.Random(42), dict[str, Decimal]()
    first = TODAY.replace(day=1).isoformat()
    for number in range(DATED):
        price = f"{chance.randint(1, 99999)}.{chance.randint(0, 99):02}"
        body = {
            "person_id": person, "external_id": str(number), "items": [item(price)], "due_day": chance.randint(1, 31),
            "starts_on": first, "bills_from": first,
        }  # fmt: skip
        amounts[bus.insist("sales", "put_contract", body, f"put {number}")["id"]] = Decimal(price)
    return amounts


def _check_announced(rig: Rig, rows: list[dict[str, Any]]) -> None:
    """Each receivable by one event, however often that came."""
    heard = [json.loads(body) for _, body in rig.bus().take_all(HEARD)]
    told = {event["id"]: event["data"]["receivable_id"] for event in heard}
    assert Counter(told.values()) == Counter(row["_id"] for row in rows)


def test_two_processes_whose_clocks_jump_bill_each_period_once_though_they_are_killed(rig: Rig) -> None:
    """Two years of contracts go by in seconds, ahead and back, at two processes that bill the same contracts and do not
    agree on the day; each is killed after each jump, mostly while it bills."""
    clocks = {name: rig.folder / f"{name}.clock" for name in ("sales", "twin")}
    for name, clock in clocks.items():
        clock.write_text("0")
        own = {"CLOCK_FILE": str(clock), "VINCULO_WORK_DELAYS": "0.2,0.5"}
        rig.start(name, "sales", ready=False, runner=CLOCK_RUNNER, **own)
    rig.start("people", ready=False)
    rig.wait_ready("people", *clocks)
    bus = rig.bus()
    bus.do(_listen)
    person = bus.result("people", "register_person", {"name": "Maria"}, seconds=10)["id"]
    wait_for(lambda: rig.count("sales", "persons"), 30, "the copy")
    wanted = _dated_contracts(bus, person)
    _jump_and_kill(rig, clocks)
    between = rig.count("sales", "receivables")
    for clock in clocks.values():
        clock.write_text(str(_seconds_to_the_end_of(MONTHS - 1)))
    ended = time.monotonic()
    wait_for(lambda: rig.count("sales", "receivables") >= DATED * MONTHS, ORPHAN_SECONDS, "all periods")
    took = time.monotonic() - ended
    wait_for(lambda: not rig.count("sales", "outbox"), ORPHAN_SECONDS, "all announced")
    rows = rig.documents("sales", "receivables")
    assert Counter(row["source_id"] for row in rows) == dict.fromkeys(wanted, MONTHS)
    assert len({(row["source_id"], row["period"]) for row in rows}) == len(rows) == DATED * MONTHS
    assert {(row["source_id"], row["amount"].to_decimal()) for row in rows} == set(wanted.items())
    worth = sum(row["amount"].to_decimal() for row in rows)
    assert worth == MONTHS * sum(wanted.values())
    _check_announced(rig, rows)
    assert not rig.documents("sales", "parked_work")
    print(
        f"billing by jumping clocks: {len(JUMPS)} jumps and kills, {between} receivables until then, {len(rows)} of "
        f"{worth} {took:.1f} s later"
    )


def _jump_and_kill(rig: Rig, clocks: Mapping[str, Path]) -> None:
    chance = random.Random(24)
    for name, months in JUMPS:
        clocks[name].write_text(str(_seconds_to_the_end_of(months)))
        time.sleep(chance.uniform(1.2, 2.5))
        rig.processes[name].kill()
        rig.processes[name].start()
        rig.wait_ready(name)


def _seconds_to_the_end_of(months: int) -> int:
    """From now to noon of the last day of the month that is so many months away."""
    year, month = divmod(TODAY.year * 12 + TODAY.month - 1 + months, 12)
    last = TODAY.replace(year=year, month=month + 1, day=calendar.monthrange(year, month + 1)[1])
    return (last - TODAY).days * 86_400


def _spoil(rig: Rig) -> None:
    """A contract that no code can read."""
    row = {"_id": "spoilt", "company": "c1", "person_id": "p", "basket": "broken", "source_id": "spoilt",
           "surplus": False, "next_at": dt.datetime.now(dt.UTC), "bills_from": "2026-01-01", "version": 1}  # fmt: skip
    with pymongo.MongoClient[Any](rig.env["MONGO_URI"]) as client:
        client[rig.env["VINCULO_DATABASE_PREFIX"] + "sales"]["contracts"].insert_one(row)


def _told(row: dict[str, Any]) -> str:
    return f"{row['source_id']} {row['due_date']} {row['amount'].to_decimal()}"


def _years_back(years: int) -> str:
    return TODAY.replace(day=1, year=TODAY.year - years).isoformat()


def _due_days(due_day: int) -> list[str]:
    found, month = [], dt.date.fromisoformat(_years_back(4))
    while month <= TODAY:
        day = month.replace(day=min(due_day, calendar.monthrange(month.year, month.month)[1]))
        found += [day.isoformat()] if day <= TODAY else []
        month = (month + dt.timedelta(days=32)).replace(day=1)
    return found


def _listen(channel: Any) -> None:
    channel.queue_declare(HEARD)
    channel.queue_purge(HEARD)
    channel.queue_bind(HEARD, "sales.events", "contract_billed")
