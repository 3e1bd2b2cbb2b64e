"""Gathers what reports and prints show (row A15): attendances, and the contact data of their persons.

A user who may not see persons gets their names only, which attendance knows by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from gateway.bus.calls import Request
from gateway.bus.rpc import Bus
from services.attendance.attendances.contract import SUMMARIES
from services.chassis.access.context import Context
from services.chassis.errors import NotFound
from services.chassis.phones import shown

STATUS = {"open": "Aberto", "closed": "Encerrado"}
KINDS = {
    "note": "Parecer",
    "move": "Encaminhamento",
    "cycle": "Ciclo de atendimento",
    "change": "Alteração",
    "filing": "Arquivamento",
    "system": "Sistema",
}
AT_ONCE = 20
PAGE = 100
MAX_ENTRIES = 500
# In characters; a line weighs as much as a full one, for it takes as much room and time.
MAX_WEIGHT = 500_000
LINE_WEIGHT = 80


@dataclass(frozen=True)
class AttendanceReport:
    """One attendance with its person; `person` has a name at least. Times are shown in `zone`, the company's."""

    attendance: dict[str, Any]
    person: dict[str, Any]
    first_entry: dict[str, Any] | None
    zone: ZoneInfo

    def moment(self, text: str | None) -> str:
        """A time of an answer, as Brazilians write it."""
        return dt.datetime.fromisoformat(text).astimezone(self.zone).strftime("%d/%m/%Y %H:%M") if text else ""


def gather(bus: Bus, context: Context, ids: Sequence[str]) -> list[AttendanceReport]:
    """In the order asked for; raises NotFound("attendance_not_found"), Unavailable."""
    asked = list(dict.fromkeys(ids))
    found: list[dict[str, Any]] = []
    for part in _cut(asked, SUMMARIES):
        answer = bus.call("attendance", "list_summaries", {"ids": part}, context)
        found += [{**one, "zone": ZoneInfo(answer["time_zone"])} for one in answer["items"]]
    persons = _persons(bus, context, (one["attendance"]["person_id"] for one in found))
    return [
        AttendanceReport(
            one["attendance"],
            persons.get(one["attendance"]["person_id"]) or {"name": one["person_name"]},
            one["first_entry"],
            one["zone"],
        )
        for one in found
    ]


def entries(bus: Bus, context: Context, attendance_id: str) -> tuple[list[dict[str, Any]], bool]:
    """From the oldest on, and whether that is all: the newest MAX_ENTRIES, and what MAX_WEIGHT holds, at most."""
    found: list[dict[str, Any]] = []
    weight = 0
    for entry in _newest_first(bus, context, attendance_id):
        weight += len(entry["text"]) + LINE_WEIGHT * entry["text"].count("\n")
        if len(found) == MAX_ENTRIES or (found and weight > MAX_WEIGHT):
            return found[::-1], False
        found.append(entry)
    return found[::-1], True


def _newest_first(bus: Bus, context: Context, attendance_id: str) -> Iterator[dict[str, Any]]:
    cursor = None
    while True:
        data = {"attendance_id": attendance_id, "limit": PAGE, "cursor": cursor}
        page = bus.call("attendance", "list_entries", data, context)
        yield from page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return


def phone(person: dict[str, Any]) -> str:
    """The main one: Brazilian ones as written in Brazil, others with their country; with its extension."""
    phones = person.get("phones") or []
    return shown(main_of(phones, "number"), main_of(phones, "extension"))


def email(person: dict[str, Any]) -> str:
    return main_of(person.get("emails") or [], "address")


def place(person: dict[str, Any]) -> str:
    """City and state of the main address, else of the first."""
    addresses = person.get("addresses") or []
    chosen = next((one for one in addresses if one.get("kind") == "main"), addresses[0] if addresses else None)
    return f"{chosen['city']}/{chosen['state']}" if chosen else ""


def contact(person: dict[str, Any]) -> str:
    return main_of(person.get("contacts") or [], "name")


def main_of(found: Sequence[dict[str, Any]], name: str) -> str:
    """A field of the one marked as main, else of the first."""
    chosen = next((one for one in found if one.get("main")), found[0] if found else None)
    return str(chosen.get(name) or "") if chosen else ""


def _persons(bus: Bus, context: Context, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """By id, some at a time in parallel; none without the right to see persons."""
    if "people.read" not in context.permissions:
        return {}
    found: dict[str, dict[str, Any]] = {}
    for part in _cut(list(dict.fromkeys(ids)), AT_ONCE):
        with bus.gather(context, *(Request("people", "get_person", {"id": person_id}) for person_id in part)) as calls:
            for person_id, call in zip(part, calls, strict=True):
                try:
                    found[person_id] = call.result()
                except NotFound:
                    continue  # hidden from this user: the name is all there is
    return found


def _cut(ids: list[str], size: int) -> list[list[str]]:
    return [ids[start : start + size] for start in range(0, len(ids), size)]
