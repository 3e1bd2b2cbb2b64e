"""Row A6: a flow's tags, their order under a lock, and linking them; TODOS is always there, first and fixed."""

from __future__ import annotations

import datetime as dt
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


def test_tags_are_created_changed_and_deleted_and_todos_stays(ana: Client, flow: dict[str, Any]) -> None:
    path = f"/v1/flows/{flow['id']}/tags"
    assert tag_names(ana, flow) == ["TODOS"]
    hot = new_tag(ana, flow["id"], "Quente", colour="#ff0000")
    new_tag(ana, flow["id"], "Frio")
    assert tag_names(ana, flow) == ["TODOS", "Quente", "Frio"]
    changed = ana._ok(ana.request("PATCH", f"{path}/{hot}", json={"name": "Fervendo", "colour": "#aa0000"}))
    assert (changed["name"], changed["colour"], changed["fixed"]) == ("Fervendo", "#aa0000", False)
    refused(ana.request("POST", path, json={"name": "FRÍO"}), 409, "tag_exists")
    refused(ana.request("PATCH", f"{path}/{hot}", json={"name": "frio"}), 409, "tag_exists")
    field_refused(ana.request("POST", path, json={"name": "Cor", "colour": "red"}), "colour")
    ana._ok(ana.request("DELETE", f"{path}/{hot}"))
    assert tag_names(ana, flow) == ["TODOS", "Frio"]
    refused(ana.request("DELETE", f"{path}/{hot}"), 404, "tag_not_found")


def test_todos_cannot_be_made_changed_linked_or_deleted(ana: Client, flow: dict[str, Any]) -> None:
    path = f"/v1/flows/{flow['id']}"
    refused(ana.request("POST", f"{path}/tags", json={"name": " todos "}), 409, "tag_reserved")
    refused(ana.request("PATCH", f"{path}/tags/todos", json={"name": "Tudo"}), 409, "tag_fixed")
    refused(ana.request("DELETE", f"{path}/tags/todos"), 409, "tag_fixed")
    body = {"attendance_ids": [opened(ana, flow_id=flow["id"])["id"]], "link": ["todos"]}
    refused(ana.request("POST", f"{path}/tag-links", json=body), 409, "tag_fixed")


def test_linking_many_is_all_or_nothing(ana: Client, flow: dict[str, Any]) -> None:
    hot = new_tag(ana, flow["id"], "Quente")
    inside, outside = opened(ana, flow_id=flow["id"])["id"], opened(ana)["id"]
    links = f"/v1/flows/{flow['id']}/tag-links"
    body: dict[str, Any] = {"attendance_ids": [inside, outside], "link": [hot]}
    refused(ana.request("POST", links, json=body), 404, "attendance_not_in_flow")
    assert ana.get(f"/v1/attendances/{inside}")["tags"] == []
    unknown = {"attendance_ids": [inside], "link": ["nothing"]}
    refused(ana.request("POST", links, json=unknown), 404, "tag_not_found")
    ana.post(f"/v1/attendances/{inside}/trash", None)
    refused(ana.request("POST", links, json={**body, "attendance_ids": [inside]}), 409, "attendance_trashed")


def test_a_deleted_tag_leaves_its_attendances_and_its_filter(ana: Client, flow: dict[str, Any]) -> None:
    hot = new_tag(ana, flow["id"], "Quente")
    attendance = opened(ana, flow_id=flow["id"], tag_ids=[hot])["id"]
    ana._ok(ana.request("DELETE", f"/v1/flows/{flow['id']}/tags/{hot}"))
    assert ana.get(f"/v1/attendances/{attendance}")["tags"] == []
    listing = f"/v1/flows/{flow['id']}/attendances"
    assert ana.get(listing)["items"][0]["tags"] == []
    refused(ana.request("GET", listing, params={"tag_id": hot}), 404, "tag_not_found")
    new_tag(ana, flow["id"], "Quente")
    assert ana.get(f"/v1/attendances/{attendance}")["tags"] == []


def test_a_lock_that_was_forgotten_expires(system: System, ana: Client, caio: Client, flow: dict[str, Any]) -> None:
    path = f"/v1/flows/{flow['id']}"
    ana.post(f"{path}/tag-order/lock", None)
    past = dt.datetime.now(dt.UTC) - dt.timedelta(milliseconds=1)
    system.mongo("attendance")["flows"].update_one({"_id": flow["id"]}, {"$set": {"board.ordering.until": past}})
    hot = new_tag(caio, flow["id"], "Quente")
    body = {"attendance_ids": [opened(caio, flow_id=flow["id"])["id"]], "link": [hot]}
    caio.post(f"{path}/tag-links", body)
    refused(ana.request("PUT", f"{path}/tag-order/lock"), 409, "ordering_not_held")
    assert caio.post(f"{path}/tag-order/lock", None)["by"]["id"] == user_id(caio)
