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


def test_the_questions_of_the_current_center_are_answered_with_who_and_when(
    ana: Client, made: Setup, attendance: dict[str, Any]
) -> None:
    path = f"/v1/attendances/{attendance['id']}/cycle"
    asked = ana.get(path)
    assert [(part["center"]["id"], part["center"]["name"], part["current"]) for part in asked["centers"]] == [
        (made.triage, "Triagem", True)
    ]
    assert (answered(asked), asked["missing"]) == (
        {"modelo": None, "garantia": None, "comprado": None}, ["modelo", "garantia"])  # fmt: skip
    saved = put(ana, path, {"answers": {"modelo": "B", "garantia": False}})
    assert (answered(saved), saved["missing"]) == ({"modelo": "B", "garantia": False, "comprado": None}, [])
    first = saved["centers"][0]["questions"][0]
    assert first["answered_by"]["name"] == "Ana"
    assert first["answered_by"]["id"]
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
    assert ana.post(f"{path}/move", step)["attendance"]["center"]["id"] == made.workshop
    put(ana, f"{path}/cycle", {"answers": {"garantia": None}})
    assert ana.get(f"{path}/cycle")["missing"] == ["custo"], "only the current center's block"
