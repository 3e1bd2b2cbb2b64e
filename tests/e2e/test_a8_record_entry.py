"""Row A8: entries are recorded in order; a closed attendance takes no more."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.problems import field_refused, refused
from tests.support.system import Client


@pytest.fixture
def attendance(ana: Client) -> dict[str, Any]:
    person = ana.register("Atendida")
    opened: dict[str, Any] = ana.post(f"/v1/persons/{person['id']}/attendances", {"title": "Visita"})
    return opened


def test_an_entry_keeps_its_text_author_and_time(ana: Client, attendance: dict[str, Any]) -> None:
    text = "Linha 1\nLinha 2 — “aspas”, ção, 😀"
    made = ana.post(f"/v1/attendances/{attendance['id']}/entries", {"text": text})
    assert (made["text"], made["author_name"]) == (text, "Ana")
    after = ana.get(f"/v1/attendances/{attendance['id']}")
    assert (after["entry_count"], after["last_entry_at"]) == (1, made["recorded_at"])


def test_pages_of_entries_are_complete_and_newest_first(ana: Client, attendance: dict[str, Any]) -> None:
    path = f"/v1/attendances/{attendance['id']}/entries"
    made = [ana.post(path, {"text": f"Parecer {number}"})["id"] for number in range(5)]
    first = ana.get(path, params={"limit": 3})
    rest = ana.get(path, params={"limit": 3, "cursor": first["next_cursor"]})
    assert [entry["id"] for entry in first["items"] + rest["items"]] == made[::-1]
    assert rest["next_cursor"] is None


def test_ten_entries_at_once_are_all_recorded_or_told_to_retry(ana: Client, attendance: dict[str, Any]) -> None:
    path = f"/v1/attendances/{attendance['id']}/entries"

    def record(number: int) -> int:
        return ana.request("POST", path, json={"text": f"Junto {number}"}).status_code

    with ThreadPoolExecutor(10) as threads:
        statuses = list(threads.map(record, range(10)))
    assert set(statuses) <= {201, 409, 503}
    texts = [entry["text"] for entry in ana.get(path, params={"limit": 100})["items"]]
    assert len(texts) == len(set(texts))
    assert ana.get(f"/v1/attendances/{attendance['id']}")["entry_count"] == len(texts) >= statuses.count(201) >= 1


def test_a_closed_attendance_takes_no_entry(ana: Client, attendance: dict[str, Any]) -> None:
    closed = ana.post(f"/v1/attendances/{attendance['id']}/close", None)
    assert closed["status"] == "closed"
    assert closed["closed_at"]
    path = f"/v1/attendances/{attendance['id']}"
    refused(ana.request("POST", f"{path}/entries", json={"text": "Tarde"}), 409, "attendance_closed")
    refused(ana.request("POST", f"{path}/close"), 409, "attendance_already_closed")
    told = ana.get(f"{path}/entries")["items"]
    assert [(entry["kind"], entry["text"]) for entry in told] == [("system", "Encerrado.")]


def test_the_same_key_records_once(ana: Client, attendance: dict[str, Any]) -> None:
    key, path = {"Idempotency-Key": uuid.uuid4().hex}, f"/v1/attendances/{attendance['id']}/entries"
    with ThreadPoolExecutor(5) as threads:
        answers = list(threads.map(lambda _: ana.post(path, {"text": "Uma vez"}, headers=key)["id"], range(5)))
    assert len(set(answers)) == 1
    assert len(ana.get(path)["items"]) == 1


def test_what_is_no_entry_is_refused(ana: Client, attendance: dict[str, Any]) -> None:
    path = f"/v1/attendances/{attendance['id']}/entries"
    field_refused(ana.request("POST", path, json={"text": "  "}), "text")
    field_refused(ana.request("POST", path, json={}), "text")
    field_refused(ana.request("GET", path, params={"limit": 1000}), "limit")
    refused(ana.request("POST", "/v1/attendances/nothing/entries", json={"text": "x"}), 404, "attendance_not_found")
    refused(ana.request("GET", "/v1/attendances/nothing/entries"), 404, "attendance_not_found")
