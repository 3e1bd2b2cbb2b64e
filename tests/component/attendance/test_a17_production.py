"""Row A17: production's attendances are those of a branch of types that the company names; same actions as others."""

from __future__ import annotations

import pytest

from tests.support.builders.asked import of_production
from tests.support.builders.flows import opened
from tests.support.problems import refused
from tests.support.stack.system import Client

PATH = "/v1/production"


@pytest.fixture(scope="module")
def leaf(ana: Client) -> str:
    """Under production's group, one level down."""
    return of_production(ana)


def test_a_company_that_named_no_branch_is_told_so(bruno: Client) -> None:
    refused(bruno.request("GET", PATH), 409, "production_not_configured")


def test_a_branch_must_be_there(ana: Client) -> None:
    body = {"production_type_id": "sumido"}
    refused(ana.request("PATCH", "/v1/settings/attendance", json=body), 404, "type_not_found")


def test_they_take_the_same_actions(ana: Client, leaf: str) -> None:
    own = f"/v1/attendances/{opened(ana, 'Erro', type_id=leaf)['id']}"
    ana.post(f"{own}/entries", {"text": "Reproduzido."})
    changed = {"subject": "Erro ao emitir", "internal_contact_date": "2031-02-03"}
    ana._ok(ana.request("PATCH", own, json=changed))
    copy = ana.post(f"{own}/duplicate", None)
    assert (copy["subject"], copy["type"]["id"]) == ("Erro ao emitir", leaf)
    assert [one["text"] for one in ana.get(f"{own}/entries")["items"]][-1] == "Reproduzido."
