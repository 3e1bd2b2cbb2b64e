"""Row P7: the access report hands out all that the five services hold of a person, and says if it is complete."""

from __future__ import annotations

from tests.support.builders import people, rights
from tests.support.builders.rights import access_report
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import PASSWORD, Client, System


def test_a_merged_person_is_in_the_survivors_report(ana: Client) -> None:
    word = people.unique_word()
    survivor, person = ana.register(f"Fica {word}")["id"], ana.register(f"Vai {word}")["id"]
    rights.with_records(ana, person, word, watched=False)
    rights.merge(ana, survivor, person)
    wait_for(lambda: rights.lists(ana, survivor)["appointments"]["items"], what="moved")
    rows, _ = access_report(ana, survivor)
    merged = [row["data"] for row in rows if row["kind"] == "merges"]
    assert [row["person"]["name"] for row in merged] == [f"Vai {word}"]
    assert [row["data"]["subject"] for row in rows if row["kind"] == "appointments"] == [f"Ver {word}"]


def test_refusals(system: System, ana: Client, bruno: Client) -> None:
    person = ana.register(f"Titular {people.unique_word()}")["id"]
    path = f"/v1/persons/{person}/access-report"
    refused(bruno.request("GET", path), 404, "person_not_found")
    refused(ana.request("GET", "/v1/persons/nobody/access-report"), 404, "person_not_found")
    login = f"{people.unique_word().lower()}@padaria.example"
    options = ["--login", login, "--name", "Vera", "--company", "padaria", "--role", "manager"]
    system.run("-m", "deploy.operations", "user", "create", *options)
    manager = Client(system.url, login, PASSWORD)
    refused(manager.request("GET", path), 403, "permission_missing")
    refused(manager.request("GET", f"/v1/persons/{person}/looks"), 403, "permission_missing")
    refused(
        manager.request("POST", f"/v1/persons/{person}/erasure", json={"reason": "x", "legal_request": "y"}),
        403,
        "permission_missing",
    )
