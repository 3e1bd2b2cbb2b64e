"""Row S5: at most ten stages, ordered, editable; refused: an eleventh, deleting one in use."""

from __future__ import annotations

import pytest

from tests.support.builders.sales import delete, newcomer, opportunity, patch, put, stages
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System

DEFAULTS = ["Prospecção", "Contato realizado", "Proposta apresentada", "Negociação", "Encerrado"]


@pytest.fixture
def maria(system: System) -> Client:
    """Of a company that has configured nothing yet."""
    return newcomer(system)


def test_a_company_begins_with_the_usual_stages(maria: Client) -> None:
    found = maria.get("/v1/stages")["items"]
    assert [stage["name"] for stage in found] == DEFAULTS
    assert [stage["closing"] for stage in found] == [False] * 4 + [True]
    assert maria.get("/v1/stages")["items"] == found


def test_one_in_use_is_not_deleted(maria: Client) -> None:
    made = opportunity(maria)
    in_use = f"/v1/stages/{made['stage']['id']}"
    refused(maria.request("DELETE", in_use), 409, "stage_in_use")
    maria.post(f"/v1/opportunities/{made['id']}/archive", None)
    refused(maria.request("DELETE", in_use), 409, "stage_in_use")
    maria.post(f"/v1/opportunities/{made['id']}/unarchive", None)
    put(maria, f"/v1/opportunities/{made['id']}/stage", {"stage_id": stages(maria)["Negociação"]})
    delete(maria, in_use)
    assert list(stages(maria)) == DEFAULTS[1:]


def test_the_closing_stage_is_always_there_and_always_last(maria: Client) -> None:
    path = f"/v1/stages/{stages(maria)['Encerrado']}"
    refused(maria.request("DELETE", path), 409, "stage_closing")
    refused(maria.request("PATCH", path, json={"position": 1}), 409, "stage_closing")
    patch(maria, path, {"name": "Finalizado"})
    assert list(stages(maria)) == [*DEFAULTS[:4], "Finalizado"]


def test_names_differ_and_are_given(maria: Client) -> None:
    refused(maria.request("POST", "/v1/stages", json={"name": "negociacao"}), 409, "stage_exists")
    field_refused(maria.request("POST", "/v1/stages", json={"name": " "}), "name")
    field_refused(maria.request("POST", "/v1/stages", json={"name": "x", "position": 0}), "position")
    refused(maria.request("PATCH", "/v1/stages/nothing", json={"name": "x"}), 404, "stage_not_found")


def test_a_seller_does_not_configure(system: System) -> None:
    seller = newcomer(system, "seller", "padaria")
    assert len(stages(seller)) >= 5
    refused(seller.request("POST", "/v1/stages", json={"name": "Meu"}), 403, "permission_missing")
