"""Row A17: production's attendances are those of a branch of types that the company names; same actions as others."""

from __future__ import annotations

import pytest

from tests.support.builders.asked import of_production
from tests.support.builders.flows import opened
from tests.support.builders.people import cpf, unique_word
from tests.support.problems import field_refused
from tests.support.stack.system import Client

PATH = "/v1/production"


@pytest.fixture(scope="module")
def leaf(ana: Client) -> str:
    """Under production's group, one level down."""
    return of_production(ana)


def test_open_and_closed_ones_of_the_branch_are_listed(ana: Client, leaf: str) -> None:
    client = {"short_name": "Cliente", "document": cpf(), "category_ids": ["client"]}
    person = ana.register(unique_word(), **client)["id"]
    bug, done = (opened(ana, title, person, type_id=leaf)["id"] for title in ("Erro na nota", "Erro no boleto"))
    opened(ana, "Outra coisa", person)
    ana.post(f"/v1/attendances/{done}/close", None)
    assert [one["id"] for one in ana.get(PATH, params={"person_id": person})["items"]] == [bug]
    closed = ana.get(PATH, params={"person_id": person, "state": "closed"})["items"]
    assert [one["id"] for one in closed] == [done]
    opened(ana, "Erro na baixa", person, type_id=leaf)
    counted = ana.get(PATH, params={"person_id": person, "limit": 1, "counted": True})
    assert (len(counted["items"]), counted["count"], counted["exact"]) == (1, 2, True)
    section = ana.get(f"/v1/persons/{person}/view")["production"]
    assert (section["count"], section["exact"]) == (2, True)
    assert bug in [one["id"] for one in ana.get(PATH, params={"limit": 100})["items"]]
    field_refused(ana.request("GET", PATH, params={"state": "lost"}), "state")
