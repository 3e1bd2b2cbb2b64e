"""Row G1: one call gathers five services: every section offered, with its first page, cursor and count."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import people, sold, users
from tests.support.builders.asked import due
from tests.support.problems import refused
from tests.support.stack.system import Client, System


@pytest.fixture(scope="module")
def person(ana: Client) -> dict[str, Any]:
    """A client with something in every section of one."""
    address = {"street": "Rua", "city": "Curitiba", "state": "PR"}
    body = {"short_name": "C", "document": people.cpf(), "category_ids": ["client"], "addresses": [address]}
    person = ana.register("Completa", **body)
    path = f"/v1/persons/{person['id']}"
    related = ana.register("Relacionada")["id"]
    ana.post(f"{path}/related", {"related_id": related, "kind": "employee"})
    ana.post(f"{path}/attendances", {"subject": "Visita", "due_at": due(days=30)})
    ana.post(f"{path}/opportunities", {"subject": "Forno"})
    sold.place(ana, person)
    times = {"starts_at": "2031-03-05T12:00:00Z", "ends_at": "2031-03-05T13:00:00Z"}
    ana.post(f"{path}/appointments", {"kind": "visita", "subject": "Medir", **times})
    ana.put(f"{path}/watchers/me", {"own_actions": True})
    return person


def test_an_unknown_person_has_no_view(ana: Client) -> None:
    refused(ana.request("GET", "/v1/persons/nobody/view"), 404, "person_not_found")


def test_every_section_offered_is_there_with_its_first_page_cursor_and_count(
    ana: Client, person: dict[str, Any]
) -> None:
    found = ana.get(f"/v1/persons/{person['id']}/view")
    assert found["unavailable"] == []
    sections = {name: found[name] for name in found["options"]}
    assert all({"items", "next_cursor", "count", "exact"} <= page.keys() for page in sections.values())
    counts = {name: page["count"] for name, page in sections.items()}
    assert counts == {
        "addresses": 1, "related_persons": 1, "attendances": 2, "production": 0, "opportunities": 1, "orders": 1,
        "receivables": 1, "contracts": 0, "service_orders": 0, "appointments": 1, "watchers": 1,
    }  # fmt: skip
    assert all(len(page["items"]) == page["count"] and page["exact"] for page in sections.values())
    assert {one["legend"]: one["count"] for one in found["opportunities"]["legends"]}["today"] == 1
    assert found["critical_factors"] == {"count": 1, "exact": True}
    assert [name for name in found["withheld"] if found[name] is not None] == []


def test_a_section_goes_on_where_its_first_page_ends(ana: Client) -> None:
    path = f"/v1/persons/{ana.register('Longa')['id']}"
    made = [ana.post(f"{path}/opportunities", {"subject": f"n{number}"})["id"] for number in range(22)]
    section = ana.get(f"{path}/view")["opportunities"]
    assert (len(section["items"]), section["count"], section["exact"]) == (20, 22, True)
    rest = ana.get(f"{path}/opportunities", params={"cursor": section["next_cursor"]})["items"]
    assert [one["id"] for one in (*section["items"], *rest)] == made[::-1]


def test_related_persons_beyond_the_first_page_are_counted(ana: Client) -> None:
    path = f"/v1/persons/{ana.register('Matriz')['id']}"
    for number in range(22):
        ana.post(f"{path}/related", {"related_id": ana.register(f"Filial {number}")["id"], "kind": "employee"})
    section = ana.get(f"{path}/view")["related_persons"]
    assert (len(section["items"]), section["count"], section["exact"]) == (20, 22, True)


def test_what_the_user_may_not_see_is_withheld_and_nothing_is_unavailable(
    system: System, ana: Client, person: dict[str, Any]
) -> None:
    narrow = users.narrowed(system, ana, section=["addresses", "opportunities"])
    found = narrow.get(f"/v1/persons/{person['id']}/view")
    assert found["unavailable"] == []
    assert {name for name in found["options"] if found[name]} == {"addresses", "opportunities"}
    assert {"attendances", "orders", "receivables", "appointments"} <= {*found["withheld"]}
    assert found["critical_factors"] is None
