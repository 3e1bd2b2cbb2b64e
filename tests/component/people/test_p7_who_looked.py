"""Row P7: who opened a person's record is written down, without the looker waiting for it."""

from __future__ import annotations

from tests.support.builders import people
from tests.support.builders.rights import looks
from tests.support.problems import refused
from tests.support.stack.system import Client, System


def test_who_saw_nothing_did_not_look(ana: Client, bruno: Client) -> None:
    person = ana.register(f"Olhada {people.unique_word()}")["id"]
    refused(bruno.request("GET", f"/v1/persons/{person}"), 404, "person_not_found")
    refused(bruno.request("GET", f"/v1/persons/{person}/looks"), 404, "person_not_found")
    ana.get(f"/v1/persons/{person}")
    assert [look["by"]["name"] for look in looks(ana, person, 1)] == ["Ana"]


def test_looks_come_in_pages_and_expire(system: System, ana: Client) -> None:
    person = ana.register(f"Olhada {people.unique_word()}")["id"]
    for _ in range(3):
        ana.get(f"/v1/persons/{person}")
    found = looks(ana, person, 3)
    first = ana.get(f"/v1/persons/{person}/looks", params={"limit": 2})
    rest = ana.get(f"/v1/persons/{person}/looks", params={"limit": 2, "cursor": first["next_cursor"]})
    assert first["items"] + rest["items"] == found
    expiring = [i for i in system.mongo("people")["looks"].list_indexes() if i.get("expireAfterSeconds")]
    assert [(list(i["key"]), i["expireAfterSeconds"]) for i in expiring] == [(["at"], 365 * 86_400)]
