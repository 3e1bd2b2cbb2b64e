"""What notifications hears, said by the tests in its sources' place; and what it then has."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pymongo

from tests.chaos.rig import COMPANY, Rig


def announce(
    rig: Rig, source: str, name: str, aggregate: str, data: dict[str, Any], sequence: int = 1, times: int = 1
) -> None:
    """`times`: so often the same event comes."""
    envelope = {
        "id": uuid.uuid4().hex, "source": source, "name": name, "version": 1, "company": COMPANY,
        "aggregate": aggregate, "sequence": sequence, "actor": {"id": "u1", "name": "Ana"}, "cause": "t",
        "at": dt.datetime.now(dt.UTC).isoformat(), "data": data,
    }  # fmt: skip
    bus = rig.bus()
    for _ in range(times):
        bus.announce(source, name, envelope)


def tell(
    rig: Rig, person: str = "p1", customer: str | None = "jose@cliente.example", times: int = 1, **more: Any
) -> None:
    """An entry; `customer` is to have a copy."""
    data = {
        "attendance_id": "a1", "entry_id": "e1", "person_id": person, "person_name": "José", "title": "Dúvida",
        "text": "Chega amanhã.", "author_name": "Ana", "recorded_at": "2026-07-01T12:00:00+00:00",
        "notify_customer": customer is not None, "customer_email": customer, **more,
    }  # fmt: skip
    announce(rig, "attendance", "entry_recorded", "a1", data, times=times)


def erase(rig: Rig, person: str) -> None:
    erasure = uuid.uuid4().hex
    data = {"erasure_id": erasure, "persons": [person]}
    announce(rig, "people", "person_erasure_requested", erasure, data)


def deliveries(rig: Rig, person: str = "p1") -> list[dict[str, Any]]:
    return [one for one in rig.documents("notifications", "deliveries") if one["person_id"] == person]


def put(rig: Rig, collection: str, rows: list[dict[str, Any]]) -> None:
    client: pymongo.MongoClient[Any]
    with pymongo.MongoClient(rig.env["MONGO_URI"]) as client:
        database: Any = client[rig.env["VINCULO_DATABASE_PREFIX"] + "notifications"]
        database[collection].insert_many([{**row, "company": COMPANY} for row in rows])


def watch(rig: Rig, count: int, person: str = "p1") -> set[str]:
    """So many watchers, who may see all; their addresses."""
    since = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    rows = [
        {
            "_id": f"{person}:w{number:05d}", "person_id": person, "user_id": f"w{number:05d}", "user_name": "Rui",
            "email": f"w{number:05d}@empresa.example", "since": since,
        }
        for number in range(count)
    ]  # fmt: skip
    put(rig, "watches", rows)
    role = f"{COMPANY}:seller"
    users = [f"{COMPANY}:{row['user_id']}" for row in rows]
    if not any(one["_id"] == role for one in rig.documents("notifications", "roles")):
        rights = {"permissions": ["people.read", "attendance.read"], "scopes": {}}
        put(rig, "roles", [{"_id": role, "sequence": 0, **rights}])
        put(rig, "users", [{"_id": user, "sequence": 1, "active": True, "roles": [role]} for user in users])
    return {str(row["email"]) for row in rows}
