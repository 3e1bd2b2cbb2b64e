"""Row P7: a person is inactivated, never deleted: hidden from searches that do not ask, kept, and reactivated."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.support.builders import people
from tests.support.builders.finding import ids
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


@pytest.fixture
def person(ana: Client) -> dict[str, Any]:
    word = people.unique_word()
    return ana.register(word, document=people.cpf(), phones=[{"number": people.phone()}])


def test_an_inactive_person_is_hidden_from_searches_unless_asked_for(ana: Client, person: dict[str, Any]) -> None:
    forms = (person["name"], person["document"], f"#{person['code']}", person["phones"][0]["number"])
    assert all(person["id"] in ids(ana, q) for q in forms)
    gone = ana.post(f"/v1/persons/{person['id']}/inactivate", {"reason": "Encerrou as atividades"})
    assert (gone["active"], gone["inactive_reason"], gone["version"]) == (False, "Encerrou as atividades", 2)
    assert gone["inactivated_at"]
    for q in forms:
        assert person["id"] not in ids(ana, q), q
        assert person["id"] in ids(ana, q, state="inactive"), q
    assert person["id"] not in ids(ana, "", limit=100)
    assert person["id"] in ids(ana, "", state="inactive", limit=100)


def test_the_event_says_so(system: System, ana: Client, person: dict[str, Any]) -> None:
    """The copies of others follow the version."""
    ana.post(f"/v1/persons/{person['id']}/inactivate", {})
    for name in ("attendance", "sales", "scheduling", "notifications"):
        copies = system.mongo(name)["persons"]
        wait_for(partial(copies.find_one, {"_id": person["id"], "sequence": 2}), 30, f"the copy in {name}")
