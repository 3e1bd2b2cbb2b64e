"""Row P7: who opened a person's record is written down, without the looker waiting for it."""

from __future__ import annotations

import signal

from tests.support.builders import people
from tests.support.builders.rights import looks
from tests.support.stack.system import Client, System


def test_opening_a_record_a_view_and_a_report_is_written_down(system: System, ana: Client) -> None:
    person = ana.register(f"Olhada {people.unique_word()}")["id"]
    login = f"{people.unique_word().lower()}@padaria.example"
    options = ["--login", login, "--name", "Vera", "--company", "padaria", "--role", "viewer"]
    system.run("-m", "deploy.operations", "user", "create", *options)
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
