"""Attendance on the in-memory session: inputs (a flow, an opening, an entry, a list), and the announced events."""

from __future__ import annotations

import json
from typing import Any

from services.attendance.session import INDEXES, AttendanceSession
from tests.support.fakes.memory import Memory

FLOW = {"name": "Fila", "alias": "", "description": "", "active": True}
OPENED: dict[str, Any] = {
    "person_id": "p1", "title": "Visita", "text": "", "type_id": None, "contact": None, "due_at": None,
    "next_user_id": None, "dedup_key": None, "flow_id": None, "tag_ids": [], "product": None,
    "product_id": None, "notify_customer": False, "standard_text_id": None, "attachment_ids": [],
}  # fmt: skip
NOTE: dict[str, Any] = {
    "text": "Ligou.", "standard_text_id": None, "next_contact_date": None, "notify_customer": False, "confirm": False,
    "answer": None, "center_id": None, "next_user_id": None, "position": None, "attachment_ids": [],
}  # fmt: skip
LISTED: dict[str, Any] = {"person_id": "p1", "limit": 20, "cursor": None, "counted": False}


def office() -> Memory:
    memory = Memory(AttendanceSession, INDEXES)
    memory.collection("persons").insert({"_id": "p1", "name": "Rita", "sequence": 1})
    for user in ("u1", "u2"):
        row = {"_id": f"{memory.company}:{user}", "name": user, "active": True, "sequence": 1}
        memory.collection("users").insert(row)
    return memory


def run(memory: Memory, command: Any, **data: Any) -> Any:
    return memory.run(lambda tx: command.__wrapped__(tx, data))


def told(memory: Memory, name: str) -> list[dict[str, Any]]:
    found = [json.loads(one["envelope"]) for one in memory.documents("outbox") if one["name"] == name]
    return [{"sequence": one["sequence"], **one["data"]} for one in found]
