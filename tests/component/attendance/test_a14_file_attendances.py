"""Row A14: archive, trash, purge, neighbours in the list, and moving to another flow with the tags."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders.flows import listed, new_flow, new_tag, opened
from tests.support.problems import refused
from tests.support.stack.system import Client


def path_of(attendance: dict[str, Any]) -> str:
    return f"/v1/attendances/{attendance['id']}"


def test_a_closed_attendance_is_filed_too(ana: Client) -> None:
    own = path_of(opened(ana))
    ana.post(f"{own}/close", None)
    assert ana.post(f"{own}/archive", None)["state"] == "closed"
    assert ana.post(f"{own}/trash", None)["filed"] == "trashed"


def test_what_lies_in_the_trash_takes_nothing_until_it_is_restored(ana: Client) -> None:
    flow, other = new_flow(ana)["id"], new_flow(ana)["id"]
    attendance = opened(ana, flow_id=flow)
    own = path_of(attendance)
    refused(ana.request("POST", f"{own}/restore"), 409, "attendance_not_trashed")
    assert ana.post(f"{own}/trash", None)["filed"] == "trashed"
    assert [row["id"] for row in listed(ana, flow, filed="trashed")] == [attendance["id"]]
    for method, path, body in (
        ("POST", "trash", None),
        ("POST", "archive", None),
        ("POST", "close", None),
        ("POST", "entries", {"text": "x"}),
        ("PUT", "flow", {"flow_id": other}),
    ):
        refused(ana.request(method, f"{own}/{path}", json=body), 409, "attendance_trashed")
    assert ana.post(f"{own}/restore", None)["filed"] == "active"
    ana.post(f"{own}/entries", {"text": "De volta."})


@pytest.mark.parametrize("sort", ["subject", "-subject", "updated_at", "-reference"])
@pytest.mark.parametrize("q", ["", "visita"])
def test_previous_and_next_follow_the_order_of_the_list(ana: Client, sort: str, q: str) -> None:
    flow = new_flow(ana)["id"]
    hot = new_tag(ana, flow, "Quente")
    person = ana.register("Vizinha")["id"]
    for number, title in enumerate(("Visita C", "Visita A", "Visita B", "Visita D")):
        opened(ana, title, person, flow_id=flow, tag_ids=[hot] if number != 2 else [])
    view = {"sort": sort, "tag_id": hot, "q": q}
    ids = [row["id"] for row in listed(ana, flow, **view)]
    assert len(ids) == 3
    for at, one in enumerate(ids):
        found = ana.get(f"/v1/flows/{flow}/attendances/{one}/neighbours", params=view)
        assert found["previous"] == (ids[at - 1] if at else None)
        assert found["next"] == (ids[at + 1] if at + 1 < len(ids) else None)


def test_neighbours_of_one_that_lies_elsewhere_are_refused(ana: Client) -> None:
    flow, elsewhere = new_flow(ana)["id"], opened(ana)["id"]
    path = f"/v1/flows/{flow}/attendances/{elsewhere}/neighbours"
    refused(ana.request("GET", path), 404, "attendance_not_in_flow")


def test_its_tags_go_with_it_to_another_flow_matched_by_name_or_made(ana: Client) -> None:
    source, target = new_flow(ana), new_flow(ana)
    hot = new_tag(ana, source["id"], "Quente", colour="#ff0000")
    action = new_tag(ana, source["id"], "Ação")
    known = new_tag(ana, target["id"], "ACAO")
    attendance = opened(ana, flow_id=source["id"], tag_ids=[hot, action])
    body = {"flow_id": target["id"]}
    moved = ana._ok(ana.request("PUT", f"{path_of(attendance)}/flow", json=body))
    assert moved["flow"]["id"] == target["id"]
    tags = {tag["id"]: tag for tag in ana.get(f"/v1/flows/{target['id']}/tags")["items"]}
    assert {(one["name"], tags[one["id"]]["colour"]) for one in moved["tags"]} == {
        ("Quente", "#ff0000"),
        ("ACAO", "#808080"),
    }
    assert known in {one["id"] for one in moved["tags"]}
    assert len(tags) == 3
    refused(ana.request("PUT", f"{path_of(attendance)}/flow", json=body), 409, "flow_unchanged")
    assert ana.get(f"/v1/flows/{source['id']}")["totals"]["active"] == 0
    assert ana.get(f"/v1/flows/{target['id']}")["totals"]["active"] == 1
    text = ana.get(f"{path_of(attendance)}/entries")["items"][0]["text"]
    assert text == f"Movido do fluxo {source['name']} para o fluxo {target['name']}."


def test_an_attendance_outside_any_flow_is_put_into_one(ana: Client) -> None:
    flow = new_flow(ana)
    person = ana.register("Avulsa")
    attendance = opened(ana, person_id=person["id"])
    ana._ok(ana.request("PUT", f"{path_of(attendance)}/flow", json={"flow_id": flow["id"]}))
    assert [row["contact_name"] for row in listed(ana, flow["id"])] == ["Avulsa"]


def test_an_inactive_or_unseen_flow_takes_nothing(ana: Client) -> None:
    flow = new_flow(ana)["id"]
    attendance = opened(ana)
    ana.post(f"/v1/flows/{flow}/deactivate", None)
    refused(ana.request("PUT", f"{path_of(attendance)}/flow", json={"flow_id": flow}), 409, "flow_inactive")
    refused(ana.request("PUT", f"{path_of(attendance)}/flow", json={"flow_id": "none"}), 404, "flow_not_found")
