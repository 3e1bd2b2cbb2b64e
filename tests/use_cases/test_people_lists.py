"""Row P4: a person's e-mails, phones, addresses and contacts, each added, changed and removed by itself."""

from __future__ import annotations

from typing import Any

import pytest

from services.people.lists import commands as lists
from services.people.persons.commands import register_person
from services.people.persons.queries import get_person
from services.people.session import INDEXES, PeopleSession
from tests.support.fakes.memory import Memory

# Of each list: what is added, and what of it changes.
ITEMS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "email": ({"address": "ana@empresa.example"}, {"address": "ana@outra.example"}),
    "phone": ({"number": "+5541999998888"}, {"extension": "12"}),
    "address": ({"street": "Rua A", "city": "Curitiba", "state": "PR"}, {"street": "Rua B"}),
    "contact": ({"name": "Bia", "email": "bia@empresa.example"}, {"role": "Compras"}),
}
PLURAL = {"email": "emails", "phone": "phones", "address": "addresses", "contact": "contacts"}


@pytest.fixture
def memory() -> Memory:
    return Memory(PeopleSession, INDEXES)


@pytest.fixture
def person(memory: Memory) -> str:
    return str(memory.ask(register_person, name="Maria")["id"])


def _items(memory: Memory, person: str, noun: str) -> list[dict[str, Any]]:
    kept = memory.ask(get_person, id=person)
    return list(getattr(kept, PLURAL[noun]))


@pytest.mark.parametrize("noun", ITEMS)
def test_an_item_is_added_changed_and_removed(memory: Memory, person: str, noun: str) -> None:
    fields, change = ITEMS[noun]
    memory.ask(getattr(lists, f"add_{noun}"), person_id=person, version=1, **fields)
    (added,) = _items(memory, person, noun)
    assert {name: added[name] for name in fields} == fields
    named = {"person_id": person, "item_id": added["id"]}
    memory.ask(getattr(lists, f"change_{noun}"), **named, version=2, **change)
    (changed,) = _items(memory, person, noun)
    assert {name: changed[name] for name in (*fields, *change)} == {**fields, **change}
    memory.ask(getattr(lists, f"remove_{noun}"), **named, version=3)
    assert _items(memory, person, noun) == []
    told = sorted(row["_id"] for row in memory.documents("outbox"))
    assert len(told) == 4, "each change is announced"


@pytest.mark.parametrize("noun", ITEMS)
def test_an_item_of_a_version_that_is_gone_or_that_is_not_there_is_refused(
    memory: Memory, person: str, noun: str
) -> None:
    fields, change = ITEMS[noun]
    memory.ask(getattr(lists, f"add_{noun}"), person_id=person, version=1, **fields)
    before = _items(memory, person, noun)
    named = {"person_id": person, "item_id": before[0]["id"]}
    assert memory.refusal(getattr(lists, f"add_{noun}"), person_id=person, version=1, **fields) == "version_changed"
    for verb, data in (("change", change), ("remove", {})):
        use_case = getattr(lists, f"{verb}_{noun}")
        assert memory.refusal(use_case, **named, version=1, **data) == "version_changed"
        lost = {**named, "item_id": "99"}
        assert memory.refusal(use_case, **lost, version=2, **data) == f"{noun}_not_found"
    assert _items(memory, person, noun) == before
