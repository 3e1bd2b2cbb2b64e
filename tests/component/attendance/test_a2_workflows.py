"""Row A2: workflows are drawn, checked, published in versions; a running attendance keeps the one it began with."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders.attendance import Setup, open_one, put, set_up, unique_key
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client

PATH = "/v1/workflows"


def draw(ana: Client, items: list[dict[str, Any]], **fields: Any) -> str:
    key = unique_key()
    ana.post(PATH, {"id": key, "name": "Desenho", "items": items, **fields})
    return key


CENTER = {"id": "a", "kind": "center", "center_id": "triagem"}
END = {"id": "z", "kind": "center", "center_id": "fim"}
BROKEN: dict[str, list[dict[str, Any]]] = {
    "workflow_empty": [],
    "item_repeated": [CENTER, CENTER, END],
    "item_unknown": [{**CENTER, "next": ["nada"]}, END],
    "decision_without_question": [{"id": "d", "kind": "decision", "answers": [
        {"id": "s", "text": "S", "to": "z"}]}, END],
    "decision_without_answers": [{"id": "d", "kind": "decision", "question": "?"}, END],
    "answer_repeated": [{"id": "d", "kind": "decision", "question": "?", "answers": [
        {"id": "s", "text": "S", "to": "z"}, {"id": "s", "text": "T", "to": "z"}]}, END],
    "center_unknown": [{**CENTER, "center_id": "sumido"}, END],
    "item_leads_nowhere": [CENTER, {**CENTER, "id": "b"}],
    "end_leads_on": [CENTER, {**END, "next": ["a"]}],
    "start_ends": [END],
    "item_orphan": [{**CENTER, "next": ["z"]}, {**CENTER, "id": "b"}, END],
    "end_unreachable": [{**CENTER, "next": ["b", "z"]}, {**CENTER, "id": "b", "center_id": "oficina",
                        "next": ["c"]}, {**CENTER, "id": "c", "next": ["b"]}, END],
    "next_repeated": [{**CENTER, "next": ["z", "y"]}, {**END, "id": "y"}, END],
    "next_mixed": [{**CENTER, "next": ["z", "d"]}, {"id": "d", "kind": "decision", "question": "?", "answers": [
        {"id": "s", "text": "S", "to": "z"}]}, END],
}  # fmt: skip


@pytest.fixture(scope="module")
def made(ana: Client) -> Setup:
    return set_up(ana)


@pytest.mark.parametrize("code", sorted(BROKEN))
def test_an_unsound_graph_is_not_published_and_says_why(ana: Client, made: Setup, code: str) -> None:
    names = {"triagem": made.triage, "oficina": made.workshop, "fim": made.done}
    items = [{**i, **({"center_id": names.get(i["center_id"], "sumido")} if "center_id" in i else {})}
             for i in BROKEN[code]]  # fmt: skip
    key = draw(ana, items)
    checked = ana.get(f"{PATH}/{key}/check")
    assert not checked["publishable"]
    assert code in {problem["code"] for problem in checked["problems"]}
    assert all(problem["detail"].endswith(".") for problem in checked["problems"])
    problem = refused(ana.request("POST", f"{PATH}/{key}/publish"), 422, "workflow_invalid")
    assert code in {one["code"] for one in problem["params"]["problems"]}
    assert ana.get(f"{PATH}/{key}")["published"] == 0


def test_without_the_flag_any_center_may_be_chosen_and_there_is_a_way_back(ana: Client) -> None:
    made, outside = set_up(ana), unique_key()
    ana.post("/v1/responsibility-centers", {"id": outside, "name": "Fora"})
    items = [made.items()[0], made.items()[3]]
    put(ana, f"{PATH}/{made.workflow}", {"name": "Livre", "items": items, "only_graph_centers": False})
    ana.post(f"{PATH}/{made.workflow}/publish", None)
    attendance = open_one(ana, made)
    path = f"/v1/attendances/{attendance['id']}"
    offered = [center["id"] for center in ana.get(f"{path}/next")["centers"]]
    assert offered[0] == made.done
    assert outside in offered
    moved = ana.post(f"{path}/move", {"center_id": outside, "position": 0})["attendance"]
    assert (moved["center"]["id"], moved["item_id"]) == (outside, None)
    refused(ana.request("DELETE", f"/v1/responsibility-centers/{outside}"), 409, "center_in_use")
    back = ana.post(f"{path}/move", {"center_id": made.done, "position": 1})["attendance"]
    assert (back["state"], back["item_id"]) == ("closed", "fim")


def test_what_cannot_be_done_with_a_workflow_is_refused(ana: Client) -> None:
    made = set_up(ana)
    refused(ana.request("DELETE", f"{PATH}/{made.workflow}"), 409, "workflow_published")
    refused(ana.request("POST", PATH, json={"id": made.workflow, "name": "x"}), 409, "workflow_exists")
    refused(ana.request("GET", f"{PATH}/nenhum/check"), 404, "workflow_not_found")
    field_refused(ana.request("POST", PATH, json={"id": unique_key(), "name": "x", "items": [{"id": "a"}]}), "items")
    draft = draw(ana, [])
    group = {"id": unique_key(), "kind": "group", "name": "x", "workflow_id": draft}
    refused(ana.request("POST", "/v1/attendance-types", json=group), 422, "type_invalid")
    assert ana.request("DELETE", f"{PATH}/{draft}").json()["deleted"]
