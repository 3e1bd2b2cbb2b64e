"""Gathers what reports and prints show (row A15): attendances, and the contact data of their persons.

A user who may not see persons gets their names only, which the service attendance knows by itself.
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
from services.chassis.phones import format_phone

STATUS = {"open": "Aberto", "closed": "Encerrado"}
KINDS = {
    "note": "Parecer",
    "move": "Encaminhamento",
    "cycle": "Ciclo de atendimento",
    "change": "Alteração",
    "filing": "Arquivamento",
    "system": "Sistema",
    "task": "Tarefa",
    "call": "Ligação",
    "visit": "Visita",
    "email": "E-mail",
    "whatsapp": "WhatsApp",
    "email_received": "E-mail recebido",
    "whatsapp_received": "WhatsApp recebido",
}
AT_ONCE = 20
PAGE = 100
MAX_ENTRIES = 500
# In characters. Each line counts as a full one at least, because it takes as much room and time.
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
        """An ISO time of an answer as dd/mm/yyyy hh:mm in the company's zone; "" for None."""
        return dt.datetime.fromisoformat(text).astimezone(self.zone).strftime("%d/%m/%Y %H:%M") if text else ""


def gather(bus: Bus, context: Context, ids: Sequence[str]) -> list[AttendanceReport]:
    """The reports in the order of `ids`, each once; raises NotFound("attendance_not_found"), Unavailable."""
    unique = list(dict.fromkeys(ids))
    summaries: list[dict[str, Any]] = []
    for part in _cut(unique, SUMMARIES):
        answer = bus.call("attendance", "list_summaries", {"ids": part}, context)
        summaries += [{**summary, "zone": ZoneInfo(answer["time_zone"])} for summary in answer["items"]]
    persons = _persons(bus, context, (summary["attendance"]["person_id"] for summary in summaries))
    return [
        AttendanceReport(
            summary["attendance"],
            persons.get(summary["attendance"]["person_id"]) or summary["person"],
            summary["first_entry"],
            summary["zone"],
        )
        for summary in summaries
    ]


def entries(bus: Bus, context: Context, attendance_id: str) -> tuple[list[dict[str, Any]], bool]:
    """The newest entries, the oldest of them first, and whether they are all; at most MAX_ENTRIES and MAX_WEIGHT."""
    newest: list[dict[str, Any]] = []
    weight = 0
    for entry in _newest_first(bus, context, attendance_id):
        weight += len(entry["text"]) + LINE_WEIGHT * entry["text"].count("\n")
        if len(newest) == MAX_ENTRIES or (newest and weight > MAX_WEIGHT):
            return newest[::-1], False
        newest.append(entry)
    return newest[::-1], True


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
    """The main phone with its extension; a Brazilian one without country code, others with it."""
    phones = person.get("phones") or []
    return format_phone(main_of(phones, "number"), main_of(phones, "extension"))


def email(person: dict[str, Any]) -> str:
    return main_of(person.get("emails") or [], "address")


def place(person: dict[str, Any]) -> str:
    """City and state of the main address, else of the first one; "" for none."""
    addresses = person.get("addresses") or []
    chosen = next(
        (address for address in addresses if address.get("kind") == "main"), addresses[0] if addresses else None
    )
    return "/".join(part for part in (chosen["city"], chosen["state"]) if part) if chosen else ""


def contact(person: dict[str, Any]) -> str:
    return main_of(person.get("contacts") or [], "name")


def main_of(items: Sequence[dict[str, Any]], name: str) -> str:
    """The field `name` of the main item, else of the first one; "" for none."""
    chosen = next((item for item in items if item.get("main")), items[0] if items else None)
    return str(chosen.get(name) or "") if chosen else ""


def author(entry: dict[str, Any]) -> str:
    """Who recorded it; empty where there is no entry."""
    return str((entry.get("recorded_by") or {}).get("name") or "")


def _persons(bus: Bus, context: Context, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The persons by id, AT_ONCE in parallel; empty where the user may not see persons."""
    if "people.read" not in context.permissions:
        return {}
    persons: dict[str, dict[str, Any]] = {}
    for part in _cut(list(dict.fromkeys(ids)), AT_ONCE):
        with bus.gather(context, *(Request("people", "get_person", {"id": person_id}) for person_id in part)) as calls:
            for person_id, call in zip(part, calls, strict=True):
                try:
                    persons[person_id] = call.result()
                except NotFound:
                    continue  # hidden from this user: the name is all there is
    return persons


def _cut(ids: list[str], size: int) -> list[list[str]]:
    return [ids[start : start + size] for start in range(0, len(ids), size)]
