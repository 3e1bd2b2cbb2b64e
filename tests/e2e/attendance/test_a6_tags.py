"""Row A6: a flow's tags, their order under a lock, and linking them; TODOS is always there, first and fixed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders.flows import member, new_flow, new_tag, opened, tag_names, user_id
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System


@pytest.fixture(scope="module")
def caio(system: System) -> Client:
    return member(system, "attendant")


@pytest.fixture
def flow(ana: Client, caio: Client) -> dict[str, Any]:
    return new_flow(ana, user_ids=[user_id(ana), user_id(caio)])


def test_tags_are_linked_to_one_or_many_and_the_history_says_so(ana: Client, flow: dict[str, Any]) -> None:
    hot, cold = new_tag(ana, flow["id"], "Quente"), new_tag(ana, flow["id"], "Frio")
    first = opened(ana, flow_id=flow["id"], tag_ids=[cold])
    second = opened(ana, flow_id=flow["id"])
    assert first["tags"] == [{"id": cold, "name": "Frio"}]
    links = f"/v1/flows/{flow['id']}/tag-links"
    body = {"attendance_ids": [first["id"], second["id"]], "link": [hot], "unlink": [cold]}
    done = ana.post(links, body)["items"]
    assert [[tag["name"] for tag in one["tags"]] for one in done] == [["Quente"], ["Quente"]]
    texts = [one["text"] for one in ana.get(f"/v1/attendances/{first['id']}/entries")["items"]]
    assert texts == ["Tags: +Quente, −Frio."]
    again = ana.post(links, body)["items"]
    assert again == done
    assert ana.get(f"/v1/attendances/{first['id']}")["entry_count"] == 1


def test_while_somebody_orders_the_tags_linking_is_refused(ana: Client, caio: Client, flow: dict[str, Any]) -> None:
    path = f"/v1/flows/{flow['id']}"
    one, two, three = (new_tag(ana, flow["id"], name) for name in ("Um", "Dois", "Três"))
    attendance = opened(caio, flow_id=flow["id"])
    links = {"attendance_ids": [attendance["id"]], "link": [one]}
    refused(ana.request("PUT", f"{path}/tag-order", json={"tag_ids": [three, one, two]}), 409, "ordering_not_held")

    lock = ana.post(f"{path}/tag-order/lock", None)
    assert lock["by"]["name"] == "Ana"
    for client in (ana, caio):
        refused(client.request("POST", f"{path}/tag-links", json=links), 409, "tags_being_ordered")
    opening = {"subject": "x", "flow_id": flow["id"], "tag_ids": [one]}
    where = f"/v1/persons/{attendance['person_id']}/attendances"
    refused(caio.request("POST", where, json=opening), 409, "tags_being_ordered")
    refused(caio.request("POST", f"{path}/tag-order/lock"), 409, "ordering_taken")
    refused(caio.request("PUT", f"{path}/tag-order/lock"), 409, "ordering_not_held")
    refused(caio.request("DELETE", f"{path}/tag-order/lock"), 409, "ordering_taken")
    refused(caio.request("PUT", f"{path}/tag-order", json={"tag_ids": [two, one, three]}), 409, "ordering_not_held")
    assert ana.put(f"{path}/tag-order/lock")["until"] >= lock["until"]

    field_refused(ana.request("PUT", f"{path}/tag-order", json={"tag_ids": [one, two]}), "tag_ids")
    ana._ok(ana.request("PUT", f"{path}/tag-order", json={"tag_ids": [three, "todos", one, two]}))
    assert tag_names(caio, flow) == ["TODOS", "Três", "Um", "Dois"]
    assert caio.get(f"{path}/tags")["ordering"]["by"]["name"] == "Ana"

    assert ana._ok(ana.request("DELETE", f"{path}/tag-order/lock"))["ordering"] is None
    assert caio.post(f"{path}/tag-links", links)["items"][0]["tags"][0]["name"] == "Um"
