"""Row S7: markers are configured, put on and taken off one or many opportunities, filtered by, and deleted."""

from __future__ import annotations

import pytest

from tests.support.builders.opportunities import mark, marked
from tests.support.builders.sales import delete, ids, newcomer, opportunity, patch
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System


@pytest.fixture
def maria(system: System) -> Client:
    return newcomer(system)


def test_markers_are_configured(maria: Client) -> None:
    assert maria.get("/v1/markers") == {"items": [], "version": 0}
    made = maria.post("/v1/markers", {"name": "Urgente", "colour": "#ff0000"})
    assert [{**one, "version": 1} for one in maria.get("/v1/markers")["items"]] == [made]
    assert patch(maria, f"/v1/markers/{made['id']}", {"name": "Quente"})["name"] == "Quente"
    assert delete(maria, f"/v1/markers/{made['id']}")["items"] == []


def test_one_that_is_not_there_is_reported_and_the_others_are_marked(maria: Client, bruno: Client) -> None:
    marker = maria.post("/v1/markers", {"name": "Urgente"})["id"]
    one, foreign = opportunity(maria)["id"], opportunity(bruno)["id"]
    report = mark(maria, "nothing", one, foreign, add=[marker])
    assert [(item["id"], item["done"], item["code"]) for item in report["items"]] == [
        ("nothing", False, "opportunity_not_found"), (one, True, None), (foreign, False, "opportunity_not_found"),
    ]  # fmt: skip
    assert report["items"][0]["detail"] == "Contato de venda não encontrado."
    assert marked(maria, one) == ["Urgente"]
    assert marked(bruno, foreign) == []


def test_lists_and_the_board_are_filtered_by_a_marker(maria: Client) -> None:
    marker = maria.post("/v1/markers", {"name": "Urgente"})["id"]
    one, _ = opportunity(maria, amount="7.00"), opportunity(maria)
    mark(maria, one["id"], add=[marker])
    assert ids(maria.get("/v1/opportunities", params={"marker_id": marker})) == [one["id"]]
    assert ids(maria.get("/v1/follow-ups", params={"marker_id": marker})) == [one["id"]]
    column = maria.get("/v1/pipeline", params={"marker_id": marker, "user_id": "me"})["columns"][0]
    assert ids(column) == [one["id"]]
    assert (column["count"], column["sums"]) == (1, [{"currency": "BRL", "amount": "7.00"}])


def test_a_deleted_marker_is_gone_from_every_opportunity(maria: Client) -> None:
    old, new = (maria.post("/v1/markers", {"name": name})["id"] for name in ("Antigo", "Novo"))
    one = opportunity(maria)["id"]
    mark(maria, one, add=[old, new])
    delete(maria, f"/v1/markers/{old}")
    assert marked(maria, one) == ["Novo"]
    answer = maria.request("POST", "/v1/opportunities/markers", json={"ids": [one], "add": [old]})
    refused(answer, 404, "marker_not_found")
    refused(maria.request("DELETE", f"/v1/markers/{old}"), 404, "marker_not_found")


def test_wrong_markers_are_refused(system: System, maria: Client) -> None:
    maria.post("/v1/markers", {"name": "Urgente"})
    refused(maria.request("POST", "/v1/markers", json={"name": "URGENTE"}), 409, "marker_exists")
    field_refused(maria.request("POST", "/v1/markers", json={"name": ""}), "name")
    field_refused(maria.request("POST", "/v1/markers", json={"name": "x", "colour": "red"}), "colour")
    field_refused(maria.request("POST", "/v1/opportunities/markers", json={"ids": []}), "ids")
    many = {"ids": [str(number) for number in range(101)]}
    field_refused(maria.request("POST", "/v1/opportunities/markers", json=many), "ids")
    seller = newcomer(system, "seller", "padaria")
    refused(seller.request("POST", "/v1/markers", json={"name": "Meu"}), 403, "permission_missing")
