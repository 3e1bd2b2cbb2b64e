"""A person with records in every service, and what the lists show of it."""

from __future__ import annotations

import json
from typing import Any

from tests.support.builders import sold
from tests.support.stack.ports import wait_for
from tests.support.stack.system import SERVICES, Client, System

LISTS = (
    "attendances", "opportunities?state=open&state=closed", "appointments", "watchers", "quotes", "orders",
    "receivables",
)  # fmt: skip
ROWS = ("attendances", "opportunities?state=open&state=closed", "appointments", "quotes", "orders", "receivables")


def with_records(ana: Client, person_id: str, word: str, watched: bool = True) -> dict[str, Any]:
    """One attendance with an entry, one opportunity with its conversation, an appointment, a watch and a delivery."""
    path = f"/v1/persons/{person_id}"
    if watched:
        ana.put(f"{path}/watchers/me", {"own_actions": True})
    attendance = ana.post(f"{path}/attendances", {"subject": f"Visita {word}", "text": f"Parecer sobre {word}"})
    asked = {"subject": f"Forno {word}", "amount": "10.00", "referral": f"Irmã de {word}"[:80]}
    opportunity = ana.post(f"{path}/opportunities", asked)
    ana.post(f"/v1/opportunities/{opportunity['id']}/actions", {"text": f"Ligar para {word}"})
    appointment = ana.post(
        f"{path}/appointments",
        {
            "kind": "visita", "subject": f"Ver {word}", "address": f"Rua {word}",
            "starts_at": "2031-03-05T12:00:00Z", "ends_at": "2031-03-05T13:00:00Z",
        },
    )  # fmt: skip
    quoted = {**sold.offer(), "notes": f"Proposta para {word}"}
    wait_for(lambda: ana.request("POST", f"/v1/attendances/{attendance['id']}/quotes", json=quoted).ok, what="quote")
    ana.post(f"{path}/orders", {**sold.offer(), "notes": f"Venda para {word}"})
    talk = f"/v1/attendances/{opportunity['attendance_id']}"
    wait_for(lambda: ana.request("GET", talk).ok, what="conversation")
    wait_for(lambda: ana.get(f"{talk}/entries")["items"], what="the action in the conversation")
    if watched:
        wait_for(lambda: sent(ana, person_id), what="a delivery sent")
    return {"attendance": attendance, "opportunity": opportunity, "appointment": appointment}


def sent(ana: Client, person_id: str) -> bool:
    items = ana.get("/v1/deliveries", params={"person_id": person_id})["items"]
    return bool(items) and all(item["state"] == "sent" for item in items)


def lists(ana: Client, person_id: str) -> dict[str, Any]:
    """Every list of every service, through the gateway, with the person's own record; without the versions that the
    person's name counts up.
    """
    shown = {name: ana.get(f"/v1/persons/{person_id}/{name}") for name in LISTS}
    shown["deliveries"] = ana.get("/v1/deliveries", params={"person_id": person_id, "limit": 100})
    shown["consents"] = ana.get(f"/v1/persons/{person_id}/consents")
    shown["entries"] = [
        ana.get(f"/v1/attendances/{item['id']}/entries") for item in shown["attendances"]["items"]
    ]  # fmt: skip
    for item in shown["attendances"]["items"]:
        del item["version"]
    record = ana.get(f"/v1/persons/{person_id}")
    shown["person"] = {name: value for name, value in record.items() if name != "version"}
    return shown


def ids(shown: dict[str, Any]) -> dict[str, set[str]]:
    """Of the rows of each list that the services keep."""
    return {name: {item["id"] for item in shown[name]["items"]} for name in (*ROWS, "deliveries")}


def quiet(system: System) -> bool:
    """No service has an event to send."""
    return not any(system.mongo(name)["outbox"].find_one() for name in SERVICES)


def merge(ana: Client, survivor: str, person: str, **body: Any) -> Any:
    """With the versions of the preview, as a client does."""
    take = ",".join(body.get("take", []))
    shown = ana.get(f"/v1/persons/{survivor}/merge-preview", params={"person_id": person, "take": take})
    versions = {name: shown[name] for name in ("survivor_version", "person_version")}
    return ana.post(f"/v1/persons/{survivor}/merge", {"person_id": person, **versions, **body})


def access_report(client: Client, person: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The rows, and the last line."""
    answer = client.request("GET", f"/v1/persons/{person}/access-report", timeout=60)
    assert answer.ok, answer.text
    assert answer.headers["Content-Type"].startswith("application/x-ndjson")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines[0]["person_id"] == person
    return lines[1:-1], lines[-1]


def looks(client: Client, person: str, count: int) -> list[dict[str, Any]]:
    """Who opened the record, once so many are written; the newest first."""

    def written() -> Any:
        items = client.get(f"/v1/persons/{person}/looks")["items"]
        return items if len(items) >= count else None

    found: list[dict[str, Any]] = wait_for(written, what=f"{count} looks")
    return found
