"""Row A14: archive, trash, purge, neighbours in the list, and moving to another flow with the tags."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.builders.flows import listed, member, new_flow, new_tag, opened, user_id
from tests.support.problems import refused
from tests.support.stack.system import Client, System


@pytest.fixture(scope="module")
def caio(system: System) -> Client:
    return member(system, "attendant")


def path_of(attendance: dict[str, Any]) -> str:
    return f"/v1/attendances/{attendance['id']}"


def test_it_is_archived_and_unarchived_and_the_history_says_so(ana: Client) -> None:
    flow = new_flow(ana)["id"]
    own = path_of(opened(ana, flow_id=flow))
    refused(ana.request("POST", f"{own}/unarchive"), 409, "attendance_not_archived")
    assert ana.post(f"{own}/archive", None)["filed"] == "archived"
    refused(ana.request("POST", f"{own}/archive"), 409, "attendance_archived")
    assert listed(ana, flow) == []
    assert ana.post(f"{own}/unarchive", None)["filed"] == "active"
    history = ana.get(f"{own}/entries")["items"]
    assert [one["text"] for one in history] == ["Atendimento desarquivado.", "Atendimento arquivado."]
    assert [(one["kind"], one["data"]["change"]) for one in history] == [
        ("filing", "unarchived"),
        ("filing", "archived"),
    ]


def test_purging_is_final_out_of_the_trash_and_for_supervisors_only(
    system: System, ana: Client, caio: Client
) -> None:  # fmt: skip
    flow = new_flow(ana, user_ids=[user_id(ana), user_id(caio)])["id"]
    attendance = opened(ana, flow_id=flow, text="Primeiro parecer.")
    own = path_of(attendance)
    refused(ana.request("DELETE", own), 409, "attendance_not_trashed")
    caio.post(f"{own}/trash", None)
    refused(caio.request("DELETE", own), 403, "permission_missing")
    assert ana._ok(ana.request("DELETE", own)) == {"id": attendance["id"], "entries": 2}
    for method, path in (("GET", own), ("GET", f"{own}/entries"), ("POST", f"{own}/restore"), ("DELETE", own)):
        refused(ana.request(method, path), 404, "attendance_not_found")
    assert system.mongo("attendance")["entries"].find_one({"attendance_id": attendance["id"]}) is None
    totals = ana.get(f"/v1/flows/{flow}")["totals"]
    assert (totals["active"], totals["archived"], totals["trashed"]) == (0, 0, 0)


def test_many_moved_at_once_make_a_missing_tag_once(ana: Client) -> None:
    source, target = new_flow(ana)["id"], new_flow(ana)["id"]
    hot = new_tag(ana, source, "Quente")
    made = [opened(ana, flow_id=source, tag_ids=[hot]) for _ in range(6)]
    body = {"flow_id": target}
    with ThreadPoolExecutor(6) as threads:
        done = list(threads.map(lambda one: ana.request("PUT", f"{path_of(one)}/flow", json=body), made))
    assert [one.status_code for one in done] == [200] * 6
    assert [tag["name"] for tag in ana.get(f"/v1/flows/{target}/tags")["items"]] == ["TODOS", "Quente"]
    assert len(listed(ana, target, tag_id=done[0].json()["tags"][0]["id"])) == 6
