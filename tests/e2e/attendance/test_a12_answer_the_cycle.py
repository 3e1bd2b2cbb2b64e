"""Row A12: the cycle's questions of the current center and the earlier ones are answered; required ones block."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders.attendance import Setup, history, open_one, put, set_up
from tests.support.problems import refused
from tests.support.stack.system import Client


@pytest.fixture
def made(ana: Client) -> Setup:
    made = set_up(ana)
    triage = [
        {"id": "modelo", "text": "Qual o modelo?", "kind": "choice", "options": ["A", "B"], "required": True},
        {"id": "garantia", "text": "Tem garantia?", "kind": "yes_no", "required": True},
        {"id": "comprado", "text": "Comprado em?", "kind": "date"},
    ]
    workshop = [
        {"id": "custo", "text": "Quanto custa?", "kind": "number", "required": True},
        {"id": "pecas", "text": "Quais peças?", "kind": "multiple", "options": ["porta", "painel", "motor"]},
        {"id": "laudo", "text": "Laudo?", "kind": "text"},
    ]
    centers = [
        {"center_id": made.triage, "questions": triage},
        {"center_id": made.workshop, "questions": workshop},
    ]
    put(ana, f"/v1/service-cycles/{made.cycle}", {"name": "Ciclo", "centers": centers})
    return made


@pytest.fixture
def attendance(ana: Client, made: Setup) -> dict[str, Any]:
    return open_one(ana, made)


def answered(cycle: dict[str, Any]) -> dict[str, Any]:
    return {one["id"]: one["value"] for part in cycle["centers"] for one in part["questions"]}


def test_the_questions_of_the_current_center_are_answered_with_who_and_when(
    ana: Client, made: Setup, attendance: dict[str, Any]
) -> None:
    path = f"/v1/attendances/{attendance['id']}/cycle"
    asked = ana.get(path)
    assert [(part["center_id"], part["center_name"], part["current"]) for part in asked["centers"]] == [
        (made.triage, "Triagem", True)
    ]
    assert (answered(asked), asked["missing"]) == (
        {"modelo": None, "garantia": None, "comprado": None}, ["modelo", "garantia"])  # fmt: skip
    saved = put(ana, path, {"answers": {"modelo": "B", "garantia": False}})
    assert (answered(saved), saved["missing"]) == ({"modelo": "B", "garantia": False, "comprado": None}, [])
    first = saved["centers"][0]["questions"][0]
    assert first["answered_by_name"] == "Ana"
    assert first["answered_by"]
    assert first["answered_at"]
    assert ana.get(path) == saved
    told = history(ana, attendance)[-1]
    assert (told["kind"], told["text"]) == ("cycle", "Qual o modelo? B\nTem garantia? Não")


def test_required_questions_block_leaving_their_center(ana: Client, made: Setup, attendance: dict[str, Any]) -> None:
    path = f"/v1/attendances/{attendance['id']}"
    recorded = ana.post(f"{path}/entries", {"text": "Visto.", "confirm": True})
    assert [one["id"] for one in recorded["next"]["missing"]] == ["modelo", "garantia"]
    step = {"answer": "sim", "position": 0}
    problem = refused(ana.request("POST", f"{path}/move", json=step), 409, "cycle_unanswered")
    assert problem["params"]["questions"] == ["modelo", "garantia"]
    assert "Qual o modelo?" in problem["detail"]
    put(ana, f"{path}/cycle", {"answers": {"modelo": "A"}})
    assert refused(ana.request("POST", f"{path}/move", json=step), 409)["params"]["questions"] == ["garantia"]
    put(ana, f"{path}/cycle", {"answers": {"garantia": True}})
    assert ana.post(f"{path}/move", step)["attendance"]["center_id"] == made.workshop
    put(ana, f"{path}/cycle", {"answers": {"garantia": None}})
    assert ana.get(f"{path}/cycle")["missing"] == ["custo"], "only the current center's block"


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
    assert [part["center_id"] for part in saved["centers"]] == [made.triage, made.workshop]
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
    free = ana.post(f"/v1/persons/{attendance['person_id']}/attendances", {"title": "Sem ciclo"})
    body = {"answers": {"cor": "x"}}
    refused(ana.request("PUT", f"/v1/attendances/{free['id']}/cycle", json=body), 409, "cycle_none")
    assert ana.get(f"/v1/attendances/{free['id']}/cycle") == {"cycle_id": None, "centers": [], "missing": []}
    ana.post(f"/v1/attendances/{attendance['id']}/close", None)
    refused(ana.request("PUT", path, json={"answers": {"modelo": "A"}}), 409, "attendance_closed")


def test_the_same_answer_again_tells_nothing_new(ana: Client, attendance: dict[str, Any]) -> None:
    path = f"/v1/attendances/{attendance['id']}/cycle"
    put(ana, path, {"answers": {"modelo": "A"}})
    put(ana, path, {"answers": {"modelo": "A"}})
    assert len(history(ana, attendance)) == 1
