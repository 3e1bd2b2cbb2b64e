"""Row A2: workflows are drawn, checked, published in versions; a running attendance keeps the one it began with."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders.attendance import open_one, put, set_up, unique_key
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client

PATH = "/v1/workflows"


def draw(ana: Client, items: list[dict[str, Any]], **fields: Any) -> str:
    key = unique_key()
    ana.post(PATH, {"id": key, "name": "Desenho", "items": items, **fields})
    return key


def test_a_workflow_is_drawn_checked_and_published_in_versions(ana: Client) -> None:
    made = set_up(ana)
    shown = ana.get(f"{PATH}/{made.workflow}")
    assert (shown["published"], [item["id"] for item in shown["items"]][:2]) == (1, ["entrada", "defeito"])
    again = ana.post(f"{PATH}/{made.workflow}/publish", None)
    assert again["published"] == 1, "the same graph makes no new version"
    put(ana, f"{PATH}/{made.workflow}", {"name": "Outro", "items": made.items(), "only_graph_centers": False})
    assert ana.post(f"{PATH}/{made.workflow}/publish", None)["published"] == 2
    assert made.workflow in [one["id"] for one in ana.get(PATH)["items"]]


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


@pytest.mark.parametrize("code", sorted(BROKEN))
def test_an_unsound_graph_is_not_published_and_says_why(ana: Client, code: str) -> None:
    made = set_up(ana)
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


def test_a_dry_run_counts_who_would_be_stranded_and_nobody_moves(ana: Client) -> None:
    made = set_up(ana)
    staying, leaving = open_one(ana, made), open_one(ana, made)
    ana.post(f"/v1/attendances/{leaving['id']}/move", {"answer": "sim", "position": 0})
    without_workshop = [made.items()[0], {**made.items()[3]}]
    put(ana, f"{PATH}/{made.workflow}", {"name": "Curto", "items": without_workshop})
    checked = ana.get(f"{PATH}/{made.workflow}/check")
    assert checked["publishable"]
    assert (checked["stranded_count"], checked["stranded"][0]["references"]) == (1, [leaving["reference"]])
    assert checked["stranded"][0]["center_id"] == made.workshop
    before = [ana.get(f"/v1/attendances/{one['id']}") for one in (staying, leaving)]
    assert ana.post(f"{PATH}/{made.workflow}/publish", None)["published"] == 2
    assert [ana.get(f"/v1/attendances/{one['id']}") for one in (staying, leaving)] == before
    offered = ana.get(f"/v1/attendances/{leaving['id']}/next")
    assert [center["id"] for center in offered["centers"]] == [made.triage, made.done]
    fresh = open_one(ana, made)
    assert fresh["workflow_version"] == 2
    offered = ana.get(f"/v1/attendances/{fresh['id']}/next")
    assert [center["id"] for center in offered["centers"]] == [made.done]


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
    assert (moved["center_id"], moved["item_id"]) == (outside, None)
    refused(ana.request("DELETE", f"/v1/responsibility-centers/{outside}"), 409, "center_in_use")
    back = ana.post(f"{path}/move", {"center_id": made.done, "position": 1})["attendance"]
    assert (back["status"], back["item_id"]) == ("closed", "fim")


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
