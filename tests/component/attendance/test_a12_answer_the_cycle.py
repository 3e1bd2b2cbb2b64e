"""Row A12: the cycle's questions of the current center and the earlier ones are answered; required ones block."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders.attendance import Setup, answered, history, open_one, put, with_questions
from tests.support.problems import refused
from tests.support.stack.system import Client


@pytest.fixture(scope="module")
def made(ana: Client) -> Setup:
    return with_questions(ana)


@pytest.fixture
def attendance(ana: Client, made: Setup) -> dict[str, Any]:
    return open_one(ana, made)


def test_earlier_centers_may_be_answered_later_ones_not_yet(
    ana: Client, made: Setup, attendance: dict[str, Any]
) -> None:
    path = f"/v1/attendances/{attendance['id']}"
    early = {"answers": {"custo": 10}}
    refused(ana.request("PUT", f"{path}/cycle", json=early), 409, "question_not_reached")
    put(ana, f"{path}/cycle", {"answers": {"modelo": "A", "garantia": True}})
    ana.post(f"{path}/move", {"answer": "sim", "position": 0})
    answers = {"comprado": "2025-12-24", "custo": "1234.50", "pecas": ["motor", "porta"], "laudo": " Queimou. "}
    saved = put(ana, f"{path}/cycle", {"answers": answers})
    assert [part["center"]["id"] for part in saved["centers"]] == [made.triage, made.workshop]
    assert answered(saved) == {
        "modelo": "A", "garantia": True, "comprado": "2025-12-24",
        "custo": "1234.50", "pecas": ["porta", "motor"], "laudo": "Queimou.",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("modelo", "C"),
        ("modelo", ["A"]),
        ("garantia", "sim"),
        ("garantia", 1),
        ("comprado", "24/12/2025"),
        ("comprado", "2025-02-30"),
        ("comprado", 20251224),
    ],
)
def test_an_answer_of_another_kind_is_refused(
    ana: Client, attendance: dict[str, Any], question: str, value: object
) -> None:
    path = f"/v1/attendances/{attendance['id']}/cycle"
    answer = ana.request("PUT", path, json={"answers": {"modelo": "A", question: value}})
    assert question in refused(answer, 422, "answer_invalid")["fields"]
    assert answered(ana.get(path))["modelo"] is None, "all or nothing"


def test_what_is_not_asked_is_refused(ana: Client, attendance: dict[str, Any]) -> None:
    path = f"/v1/attendances/{attendance['id']}/cycle"
    refused(ana.request("PUT", path, json={"answers": {"cor": "x"}}), 404, "question_not_found")
    free = ana.post(f"/v1/persons/{attendance['person_id']}/attendances", {"subject": "Sem ciclo"})
    body = {"answers": {"cor": "x"}}
    refused(ana.request("PUT", f"/v1/attendances/{free['id']}/cycle", json=body), 409, "cycle_none")
    assert ana.get(f"/v1/attendances/{free['id']}/cycle") == {"cycle": None, "centers": [], "missing": []}
    ana.post(f"/v1/attendances/{attendance['id']}/close", None)
    refused(ana.request("PUT", path, json={"answers": {"modelo": "A"}}), 409, "attendance_closed")


def test_the_same_answer_again_tells_nothing_new(ana: Client, attendance: dict[str, Any]) -> None:
    path = f"/v1/attendances/{attendance['id']}/cycle"
    put(ana, path, {"answers": {"modelo": "A"}})
    put(ana, path, {"answers": {"modelo": "A"}})
    assert len(history(ana, attendance)) == 1
