"""Row A5: flows are set up by who may, seen and used by authorised users only, and deleted only when empty."""

from __future__ import annotations

import pytest

from tests.support.builders.flows import member, new_flow, opened, user_id
from tests.support.builders.people import unique_word
from tests.support.problems import refused
from tests.support.stack.system import Client, System


@pytest.fixture(scope="module")
def caio(system: System) -> Client:
    """An attendant of the bakery: uses flows, sets none up."""
    return member(system, "attendant")


def test_a_flow_is_created_edited_deactivated_and_activated(ana: Client) -> None:
    name = f"Funil {unique_word()}"
    flow = ana.post("/v1/flows", {"name": f"  {name}  ", "description": "Clientes novos"})
    path = f"/v1/flows/{flow['id']}"
    assert (flow["name"], flow["alias"], flow["active"]) == (name, name, True)
    changed = ana._ok(ana.request("PATCH", path, json={"alias": "Novos", "description": ""}))
    assert (changed["alias"], changed["description"], changed["name"]) == ("Novos", "", name)
    assert ana.post(f"{path}/deactivate", None)["active"] is False
    refused(ana.request("POST", f"{path}/deactivate"), 409, "flow_already_inactive")
    assert flow["id"] not in {one["id"] for one in ana.get("/v1/flows")["items"]}
    assert flow["id"] in {one["id"] for one in ana.get("/v1/flows", params={"include_inactive": True})["items"]}
    person = ana.register("Cliente")["id"]
    body = {"subject": "Visita", "flow_id": flow["id"]}
    refused(ana.request("POST", f"/v1/persons/{person}/attendances", json=body), 409, "flow_inactive")
    assert ana.post(f"{path}/activate", None)["active"] is True
    refused(ana.request("POST", f"{path}/activate"), 409, "flow_already_active")


def test_only_authorised_users_see_and_use_a_flow(ana: Client, caio: Client) -> None:
    flow = new_flow(ana)
    path = f"/v1/flows/{flow['id']}"
    attendance = opened(ana, flow_id=flow["id"])
    own = f"/v1/attendances/{attendance['id']}"

    refused(caio.request("GET", path), 404, "flow_not_found")
    refused(caio.request("GET", f"{path}/tags"), 404, "flow_not_found")
    refused(caio.request("GET", f"{path}/attendances"), 404, "flow_not_found")
    refused(caio.request("POST", f"{path}/tags", json={"name": "x"}), 404, "flow_not_found")
    assert flow["id"] not in {one["id"] for one in caio.get("/v1/flows")["items"]}
    refused(caio.request("GET", own), 404, "attendance_not_found")
    refused(caio.request("GET", f"{own}/entries"), 404, "attendance_not_found")
    refused(caio.request("POST", f"{own}/entries", json={"text": "x"}), 404, "attendance_not_found")
    refused(caio.request("POST", f"{own}/archive"), 404, "attendance_not_found")
    assert caio.get(f"/v1/persons/{attendance['person_id']}/attendances")["items"] == []
    mine = opened(caio)["id"]
    body = {"flow_id": flow["id"]}
    refused(caio.request("PUT", f"/v1/attendances/{mine}/flow", json=body), 404, "flow_not_found")

    nobody = {"user_ids": [user_id(ana), "0" * 32]}
    refused(ana.request("PATCH", path, json=nobody), 404, "user_not_found")
    refused(ana.request("POST", "/v1/flows", json={"name": unique_word(), **nobody}), 404, "user_not_found")
    ana.patch(path, {"user_ids": [user_id(ana), user_id(caio)]})
    assert caio.get(path)["name"] == flow["name"]
    assert caio.get(own)["id"] == attendance["id"]
    assert [one["id"] for one in caio.get(f"{path}/attendances")["items"]] == [attendance["id"]]
