"""Row A3: cycles of questions by center, of six kinds; refused where they could not be asked; used in opportunities."""

from __future__ import annotations

from typing import Any

from tests.support.builders.attendance import put, set_up
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client

PATH = "/v1/service-cycles"


def question(key: str, **fields: Any) -> dict[str, Any]:
    return {"id": key, "text": f"Pergunta {key}?", **fields}


def test_a_cycle_keeps_its_questions_in_their_order(ana: Client) -> None:
    made = set_up(ana)
    questions = [
        question("c", kind="choice", options=["A", "B"], order=3),
        question("a", kind="number", order=1, required=True, help="Em reais."),
        question("b", kind="date", order=2),
    ]
    body = {"name": "Venda", "centers": [{"center_id": made.triage, "questions": questions}]}
    changed = put(ana, f"{PATH}/{made.cycle}", body)
    shown = changed["centers"][0]["questions"]
    assert [one["id"] for one in shown] == ["a", "b", "c"]
    assert (shown[0]["kind"], shown[0]["required"], shown[0]["help"]) == ("number", True, "Em reais.")
    assert ana.get(f"{PATH}/{made.cycle}") == changed
    assert changed in ana.get(PATH)["items"]


def test_the_cycle_is_used_in_opportunities_where_the_company_wants_it(ana: Client) -> None:
    made = set_up(ana)

    def conversation() -> dict[str, Any]:
        person = ana.register("Interessada")
        opportunity = ana.post(f"/v1/persons/{person['id']}/opportunities", {"subject": "Forno"})
        path = f"/v1/attendances/{opportunity['attendance_id']}"
        wait_for(lambda: ana.request("GET", path).ok, what="the conversation")
        found: dict[str, Any] = ana.get(path)
        return found

    try:
        options = {"opportunity_type_id": made.leaf, "cycle_in_opportunities": True}
        assert put(ana, "/v1/settings/attendance-options", options)["cycle_in_opportunities"]
        with_cycle = conversation()
        assert (with_cycle["type"]["id"], with_cycle["cycle"]["id"]) == (made.leaf, made.cycle)
        assert with_cycle["center"]["id"] == made.triage
        put(ana, "/v1/settings/attendance-options", {**options, "cycle_in_opportunities": False})
        assert conversation()["cycle"] is None
        refused(ana.request("DELETE", f"/v1/attendance-types/{made.leaf}"), 409, "type_in_use")
    finally:
        put(ana, "/v1/settings/attendance-options", {})
    assert conversation()["type"] is None
