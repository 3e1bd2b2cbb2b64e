"""Opportunities as the sellers' screens ask for them: lists, board, actions, markers, idle ones (rows S2 to S10)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.builders.sales import colleague, conversation, ids, newcomer, opportunity, put, stages, today
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


def of_each_legend(client: Client) -> str:
    """The path of a person's opportunities: an overdue, a today's, a later and a closed one."""
    person = client.register("Listada")
    path = f"/v1/persons/{person['id']}/opportunities"
    now = dt.datetime.now(ZoneInfo("America/Sao_Paulo")).date()
    days = {"overdue": -3, "today": 0, "open": 30, "internal_date": 31, "closed": 5}
    for legend, shift in days.items():
        date = (now + dt.timedelta(days=shift)).isoformat()
        internal = {"internal_contact_date": date} if legend == "internal_date" else {}
        made = client.post(path, {"subject": legend, "contact_date": date, **internal})
    talk = f"/v1/attendances/{made['attendance_id']}"
    wait_for(lambda: client.request("GET", talk).ok, what="the conversation")
    client.post(f"{talk}/close", None)
    wait_for(lambda: client.get(f"/v1/opportunities/{made['id']}")["state"] == "closed", what="closed")
    return path


def legends(page: dict[str, Any]) -> list[tuple[str, str]]:
    return [(item["subject"], item["legend"]) for item in page["items"]]


def returns_of_days(system: System) -> dict[str, Any]:
    """A company of its own with returns on several days, of two users."""
    maria = newcomer(system)
    person, joao = maria.register("Do dia")["id"], colleague(maria)
    made: dict[int, list[str]] = {}
    for shift in (5, 0, -2, -30, 0):
        fields = {"contact_date": today(shift), "responsible_id": joao if shift == -2 else None}
        made.setdefault(shift, []).append(opportunity(maria, person, **fields)["id"])
    return {"maria": maria, "made": made, "joao": joao}


def act(client: Client, made: dict[str, Any], **body: Any) -> dict[str, Any]:
    added: dict[str, Any] = client.post(f"/v1/opportunities/{made['id']}/actions", {"text": "Ligar", **body})
    return added


def contact_date(client: Client, made: dict[str, Any]) -> str:
    return str(client.get(f"/v1/opportunities/{made['id']}")["contact_date"])


def board(client: Client, **params: Any) -> dict[str, dict[str, Any]]:
    """Columns by the stage's name."""
    columns = client.get("/v1/pipeline", params=params)["columns"]
    return {column["stage"]["name"]: column for column in columns}


def move(client: Client, made: dict[str, Any], stage: str) -> dict[str, Any]:
    return put(client, f"/v1/opportunities/{made['id']}/stage", {"stage_id": stages(client)[stage]})


def told(column: dict[str, Any]) -> tuple[int, dict[str, str]]:
    """Its count, and its sums by currency."""
    return column["count"], {one["currency"]: one["amount"] for one in column["sums"]}


def marked(client: Client, opportunity_id: str) -> list[str]:
    return [marker["name"] for marker in client.get(f"/v1/opportunities/{opportunity_id}")["markers"]]


def filed(client: Client, what: str, *opportunity_ids: str) -> dict[str, Any]:
    """The report on many at once; `what`: archive, unarchive, delete."""
    report: dict[str, Any] = client.post(f"/v1/opportunities/{what}", {"ids": list(opportunity_ids)})
    return report


def mark(client: Client, *opportunity_ids: str, **changes: Any) -> dict[str, Any]:
    report: dict[str, Any] = client.post("/v1/opportunities/markers", {"ids": list(opportunity_ids), **changes})
    return report


def quiet_for(system: System, days: int, made: dict[str, Any]) -> str:
    """As if the last interaction had been so many days ago."""
    then = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
    system.mongo("sales")["opportunities"].update_one(
        {"_id": made["id"]}, {"$set": {"last_interaction_at": then, "active_at": then}}
    )
    return str(made["id"])


def idle(client: Client, **params: Any) -> list[str]:
    return ids(client.get("/v1/opportunities/idle", params=params))


def report(client: Client, **params: Any) -> dict[str, Any]:
    """Of the actions, today's unless other days are asked for."""
    found: dict[str, Any] = client.get("/v1/reports/actions", params={"from": today(), "to": today(1), **params})
    return found


def counts(row: dict[str, Any]) -> tuple[int, int, int, int]:
    return row["total"], row["pending"], row["done"], row["cancelled"]


def talked_over(client: Client) -> dict[str, Any]:
    """An opportunity with three actions and three entries, in turns."""
    made = opportunity(client)
    conversation(client, made)
    records = []
    for turn in range(3):
        body = {"kind": "email" if turn else "task", "text": f"Ação {turn}"}
        records.append(client.post(f"/v1/opportunities/{made['id']}/actions", body)["id"])
        text = {"text": f"Parecer {turn}"}
        records.append(client.post(f"/v1/attendances/{made['attendance_id']}/entries", text)["id"])
    entries = f"/v1/attendances/{made['attendance_id']}/entries"
    wait_for(lambda: len(client.get(entries)["items"]) == 6, what="the actions are in the conversation, too")
    return {**made, "records": records[::-1], "path": f"/v1/opportunities/{made['id']}/timeline"}
