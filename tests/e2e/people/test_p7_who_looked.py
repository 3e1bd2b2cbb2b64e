"""Row P7: who opened a person's record is written down, without the looker waiting for it."""

from __future__ import annotations

import signal

from tests.support.builders import people
from tests.support.builders.rights import looks
from tests.support.stack.ports import wait_for
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
    assert [(look["by"]["name"], look["what"]) for look in found] == [
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


def test_a_gateway_that_is_stopped_tells_what_it_has_shown_last(system: System, ana: Client) -> None:
    """Looks are told in batches; this one is not told yet when the signal comes."""
    person = ana.register(f"Olhada {people.unique_word()}")["id"]
    process = system.processes["gateway"]
    ana.get(f"/v1/persons/{person}")
    assert process.stop() == 0
    process.start()
    system.wait_ready("gateway")
    ana.http.close()
    assert len(looks(ana, person, 1)) == 1


def test_many_looks_at_once_are_all_written_in_few_messages(system: System, ana: Client) -> None:
    person = ana.register(f"Olhada {people.unique_word()}")["id"]
    for _ in range(30):
        ana.get(f"/v1/persons/{person}")
    found = looks(ana, person, 20)
    assert len(ana.every(f"/v1/persons/{person}/looks")) >= len(found) == 20
    wait_for(lambda: len(ana.every(f"/v1/persons/{person}/looks")) == 30, what="all looks")
    assert len({look["id"] for look in ana.every(f"/v1/persons/{person}/looks")}) == 30
