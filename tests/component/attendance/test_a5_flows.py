"""Row A5: flows are set up by who may, seen and used by authorised users only, and deleted only when empty."""

from __future__ import annotations

import pytest

from tests.support.builders.flows import member, new_flow, opened, user_id
from tests.support.builders.people import unique_word
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System


@pytest.fixture(scope="module")
def caio(system: System) -> Client:
    """An attendant of the bakery: uses flows, sets none up."""
    return member(system, "attendant")


def test_an_alias_that_was_never_chosen_follows_the_name(ana: Client) -> None:
    flow = new_flow(ana)
    renamed = f"Outro {unique_word()}"
    changed = ana._ok(ana.request("PATCH", f"/v1/flows/{flow['id']}", json={"name": renamed}))
    assert (changed["name"], changed["alias"]) == (renamed, renamed)


def test_two_flows_of_one_name_are_refused_whatever_the_accents(ana: Client) -> None:
    name = f"Ação {unique_word()}"
    flow = ana.post("/v1/flows", {"name": name})
    refused(ana.request("POST", "/v1/flows", json={"name": name.replace("çã", "ca").upper()}), 409, "flow_exists")
    other = new_flow(ana)
    refused(ana.request("PATCH", f"/v1/flows/{other['id']}", json={"name": name}), 409, "flow_exists")
    assert ana.get(f"/v1/flows/{flow['id']}")["name"] == name
    field_refused(ana.request("POST", "/v1/flows", json={"name": "  "}), "name")


def test_who_sets_flows_up_finds_all_of_them_but_uses_only_their_own(ana: Client, caio: Client) -> None:
    flow = new_flow(ana, user_ids=[user_id(caio)])
    path = f"/v1/flows/{flow['id']}"
    assert flow["id"] in {one["id"] for one in ana.get("/v1/flows", params={"manage": True})["items"]}
    assert flow["id"] not in {one["id"] for one in ana.get("/v1/flows")["items"]}
    assert ana.get(path)["users"] == [{"id": user_id(caio), "name": caio.session["user"]["name"]}]
    refused(ana.request("GET", f"{path}/attendances"), 404, "flow_not_found")
    refused(caio.request("GET", "/v1/flows", params={"manage": True}), 403, "permission_missing")


def test_nobody_of_another_company_gets_into_a_flow(ana: Client, bruno: Client) -> None:
    flow, foreign = new_flow(ana), user_id(bruno)
    body = {"name": unique_word(), "user_ids": [user_id(ana), foreign]}
    refused(ana.request("POST", "/v1/flows", json=body), 404, "user_not_found")
    path = f"/v1/flows/{flow['id']}"
    refused(ana.request("PATCH", path, json={"user_ids": [foreign]}), 404, "user_not_found")
    assert [one["id"] for one in ana.get(path)["users"]] == [user_id(ana)]


def test_an_attendant_sets_nothing_up(ana: Client, caio: Client) -> None:
    flow = new_flow(ana, user_ids=[user_id(ana), user_id(caio)])
    path = f"/v1/flows/{flow['id']}"
    for method, where in (("POST", "/v1/flows"), ("PATCH", path), ("DELETE", path), ("POST", f"{path}/deactivate")):
        refused(caio.request(method, where, json={"name": "x"}), 403, "permission_missing")


def test_a_flow_is_deleted_only_when_nothing_lies_in_it_anywhere(ana: Client) -> None:
    flow = new_flow(ana)
    path = f"/v1/flows/{flow['id']}"
    own = f"/v1/attendances/{opened(ana, flow_id=flow['id'])['id']}"
    refused(ana.request("DELETE", path), 409, "flow_in_use")
    ana.post(f"{own}/archive", None)
    refused(ana.request("DELETE", path), 409, "flow_in_use")
    ana.post(f"{own}/trash", None)
    refused(ana.request("DELETE", path), 409, "flow_in_use")
    ana._ok(ana.request("DELETE", own))
    assert ana._ok(ana.request("DELETE", path)) == {"id": flow["id"], "deleted": True}
    refused(ana.request("GET", path), 404, "flow_not_found")
    refused(ana.request("DELETE", path), 404, "flow_not_found")
