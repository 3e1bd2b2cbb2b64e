"""Row P7: who opened a person's record is written down, without the looker waiting for it."""

from __future__ import annotations

import signal
from typing import Any

from tests.support.builders import people
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


def looks(ana: Client, person: str, count: int) -> list[dict[str, Any]]:
    """Once so many are written; the newest first."""

    def written() -> Any:
        items = ana.get(f"/v1/persons/{person}/looks")["items"]
        return items if len(items) >= count else None

    found: list[dict[str, Any]] = wait_for(written, what=f"{count} looks")
    return found


def test_opening_a_record_a_view_and_a_report_is_written_down(system: System, ana: Client) -> None:
    person = ana.register(f"Olhada {people.unique_word()}")["id"]
    login = f"{people.unique_word().lower()}@padaria.example"
    options = ["--login", login, "--name", "Vera", "--company", "padaria", "--role", "viewer"]
    system.run("-m", "deploy.admin", "user-create", *options)
    viewer = Client(system.url, login)
    viewer.get(f"/v1/persons/{person}", headers={"X-Request-Id": "pedido-da-vera"})
    looks(ana, person, 1)
    viewer.get(f"/v1/persons/{person}/view")
    looks(ana, person, 2)
    assert ana.request("GET", f"/v1/persons/{person}/access-report").ok
    found = looks(ana, person, 3)
    assert [(look["user_name"], look["what"]) for look in found] == [
        ("Ana", "access_report"), ("Vera", "view"), ("Vera", "record"),
    ]  # fmt: skip
    assert found[-1]["request_id"] == "pedido-da-vera"
    assert {look["person_id"] for look in found} == {person}


def test_who_saw_nothing_did_not_look(ana: Client, bruno: Client) -> None:
    person = ana.register(f"Olhada {people.unique_word()}")["id"]
    refused(bruno.request("GET", f"/v1/persons/{person}"), 404, "person_not_found")
    refused(bruno.request("GET", f"/v1/persons/{person}/looks"), 404, "person_not_found")
    ana.get(f"/v1/persons/{person}")
    assert [look["user_name"] for look in looks(ana, person, 1)] == ["Ana"]


def test_a_look_waits_in_the_queue_while_people_restarts(system: System, ana: Client) -> None:
    """The view is answered by a person that people gave before it froze; the look is written when it is back."""
    person = ana.register(f"Olhada {people.unique_word()}")["id"]
    ana.get(f"/v1/persons/{person}")
    looks(ana, person, 1)
    company = system.mongo("people")["looks"].find_one({"person_id": person})["company"]
    assert company == ana.session["company"]["id"]
    process = system.processes["people"]
    ana.get(f"/v1/persons/{person}")
    process.signal(signal.SIGKILL)
    process.stop()
    system.restart("people")
    system.wait_ready("people")
    assert len(looks(ana, person, 2)) == 2


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
