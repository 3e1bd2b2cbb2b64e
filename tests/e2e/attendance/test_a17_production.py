"""Row A17: production's attendances are those of a branch of types that the company names; same actions as others."""

from __future__ import annotations

import pytest

from tests.support.builders.attendance import unique_key
from tests.support.builders.flows import opened
from tests.support.builders.people import unique_word
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client

PATH = "/v1/production"
TYPES = "/v1/attendance-types"


@pytest.fixture(scope="module")
def leaf(ana: Client) -> str:
    """Under production's group, one level down."""
    group = ana.post(TYPES, {"id": unique_key(), "kind": "group", "name": "Produção"})["id"]
    inner = ana.post(TYPES, {"id": unique_key(), "kind": "group", "name": "Erros", "parent_id": group})["id"]
    leaf = ana.post(TYPES, {"id": unique_key(), "kind": "leaf", "name": "Erro", "parent_id": inner})["id"]
    ana._ok(ana.request("PATCH", "/v1/attendance-settings", json={"production_type_id": group}))
    return str(leaf)


def test_a_company_that_named_no_branch_is_told_so(bruno: Client) -> None:
    refused(bruno.request("GET", PATH), 409, "production_not_configured")


def test_a_branch_must_be_there(ana: Client) -> None:
    body = {"production_type_id": "sumido"}
    refused(ana.request("PATCH", "/v1/attendance-settings", json=body), 404, "type_not_found")


def test_open_and_closed_ones_of_the_branch_are_listed(ana: Client, leaf: str) -> None:
    person = ana.register(unique_word())["id"]
    bug, done = (opened(ana, title, person, type_id=leaf)["id"] for title in ("Erro na nota", "Erro no boleto"))
    opened(ana, "Outra coisa", person)
    ana.post(f"/v1/attendances/{done}/close", None)
    assert [one["id"] for one in ana.get(PATH, params={"person_id": person})["items"]] == [bug]
    closed = ana.get(PATH, params={"person_id": person, "status": "closed"})["items"]
    assert [one["id"] for one in closed] == [done]
    assert bug in [one["id"] for one in ana.get(PATH, params={"limit": 100})["items"]]
    field_refused(ana.request("GET", PATH, params={"status": "lost"}), "status")


def test_they_take_the_same_actions(ana: Client, leaf: str) -> None:
    own = f"/v1/attendances/{opened(ana, 'Erro', type_id=leaf)['id']}"
    ana.post(f"{own}/entries", {"text": "Reproduzido."})
    changed = {"title": "Erro ao emitir", "internal_contact_date": "2031-02-03"}
    ana._ok(ana.request("PATCH", own, json=changed))
    copy = ana.post(f"{own}/duplicate", None)
    assert (copy["title"], copy["type_id"]) == ("Erro ao emitir", leaf)
    assert [one["text"] for one in ana.get(f"{own}/entries")["items"]][-1] == "Reproduzido."
