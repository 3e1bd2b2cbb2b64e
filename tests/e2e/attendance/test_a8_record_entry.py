"""Row A8: entries are recorded in order; confirming follows the workflow; a closed attendance takes no more."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from tests.support.builders.attendance import history, open_one, set_up
from tests.support.problems import refused
from tests.support.stack.insisting import insisted
from tests.support.stack.system import Client


@pytest.fixture
def attendance(ana: Client) -> dict[str, Any]:
    person = ana.register("Atendida")
    opened: dict[str, Any] = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Visita"})
    return opened


def test_an_entry_keeps_its_text_author_and_time(ana: Client, attendance: dict[str, Any]) -> None:
    text = "Linha 1\nLinha 2 — “aspas”, ção, 😀"
    made = ana.post(f"/v1/attendances/{attendance['id']}/entries", {"text": text})
    assert (made["text"], made["recorded_by"]["name"]) == (text, "Ana")
    after = ana.get(f"/v1/attendances/{attendance['id']}")
    assert (after["entry_count"], after["last_entry_at"]) == (1, made["recorded_at"])


def test_ten_entries_at_once_are_all_recorded_by_who_asks_again_when_told_to(
    ana: Client, attendance: dict[str, Any]
) -> None:
    path = f"/v1/attendances/{attendance['id']}/entries"
    texts, start = [f"Junto {number}" for number in range(10)], Barrier(10)

    def record(text: str) -> str:
        start.wait(30)
        answer = insisted(ana, path, {"text": text})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    with ThreadPoolExecutor(10) as threads:
        answered = dict(zip(texts, threads.map(record, texts), strict=True))
    kept = ana.get(path, params={"limit": 100})["items"]
    assert len(kept) == 10
    assert {entry["text"]: entry["id"] for entry in kept} == answered
    assert ana.get(f"/v1/attendances/{attendance['id']}")["entry_count"] == 10


def test_the_same_key_records_once(ana: Client, attendance: dict[str, Any]) -> None:
    key, path = {"Idempotency-Key": uuid.uuid4().hex}, f"/v1/attendances/{attendance['id']}/entries"
    with ThreadPoolExecutor(5) as threads:
        answers = list(threads.map(lambda _: ana.post(path, {"text": "Uma vez"}, headers=key)["id"], range(5)))
    assert len(set(answers)) == 1
    assert len(ana.get(path)["items"]) == 1


def test_an_ending_center_closes_it_in_the_same_call_and_the_history_explains_it(ana: Client) -> None:
    made = set_up(ana)
    attendance = open_one(ana, made)
    path = f"/v1/attendances/{attendance['id']}"
    recorded = ana.post(f"{path}/entries", {"text": "Era a tomada.", "answer": "nao", "position": 0})
    assert (recorded["attendance"]["state"], recorded["next"]["kind"]) == ("closed", "end")
    assert recorded["attendance"]["closed_at"]
    told = history(ana, attendance)
    assert [(one["number"], one["kind"], one["text"]) for one in told] == [
        (1, "note", "Era a tomada."),
        (2, "move", "Há defeito? Não.\nEncaminhado de Triagem para Encerrado."),
        (3, "system", "Encerrado: o centro Encerrado encerra o processo."),
    ]
    assert (told[1]["data"]["from_center"], told[1]["data"]["center"]) == (made.triage, made.done)
    refused(ana.request("POST", f"{path}/entries", json={"text": "Tarde"}), 409, "attendance_closed")
    again = {"center_id": made.triage, "position": 1}
    refused(ana.request("POST", f"{path}/move", json=again), 409, "attendance_closed")


def test_of_movers_at_once_one_wins_and_the_others_are_told_so(ana: Client) -> None:
    made = set_up(ana)
    attendance = open_one(ana, made)
    path = f"/v1/attendances/{attendance['id']}"

    def move(number: int) -> tuple[int, str | None]:
        step = {"text": f"Mudança {number}", "answer": ("sim", "nao")[number % 2], "position": 0}
        answer = ana.request("POST", f"{path}/entries", json=step)
        return answer.status_code, answer.json().get("code")

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(move, range(6)))
    assert [status for status, _ in answers].count(201) == 1
    assert {code for status, code in answers if status == 409} <= {
        "attendance_moved",
        "attendance_closed",
        "version_changed",
    }
    assert {status for status, _ in answers} <= {201, 409, 503}
    late = ana.request("POST", f"{path}/move", json={"answer": "sim", "position": 0})
    assert refused(late, 409)["code"] in ("attendance_moved", "attendance_closed")
    kinds = [one["kind"] for one in history(ana, attendance)]
    assert (kinds.count("note"), kinds.count("move")) == (1, 1)
