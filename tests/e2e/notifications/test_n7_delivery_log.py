"""Row N7: the log names every delivery; a mail server that is down delays a mail and does not multiply it."""

from __future__ import annotations

from typing import Any

from tests.support.builders import people
from tests.support.problems import field_refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


def watched(ana: Client, word: str) -> dict[str, Any]:
    person = ana.register(f"Registrada {word}")
    ana.put(f"/v1/persons/{person['id']}/watchers/me")
    return person


def log_of(ana: Client, person: dict[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = ana.get("/v1/deliveries", params={"person_id": person["id"]})["items"]
    return items


def test_a_delivery_is_logged_with_its_recipient_and_message_id(system: System, ana: Client) -> None:
    word = people.unique_word()
    person = watched(ana, word)
    ana.post(f"/v1/persons/{person['id']}/attendances", {"title": f"Caso {word}", "text": "Olá"})
    wait_for(lambda: [one["status"] for one in log_of(ana, person)] == ["sent"], what="sent")
    (entry,) = log_of(ana, person)
    assert (entry["channel"], entry["recipient"], entry["attempts"]) == ("email", "ana@padaria.example", 1)
    (mail,) = [mail for mail in system.mails() if word in mail["subject"]]
    assert mail["message_id"] == entry["message_id"]
    assert entry["id"] in {one["id"] for one in ana.get("/v1/deliveries", params={"limit": 100})["items"]}


def test_a_mail_server_that_is_down_delays_the_mail_and_does_not_double_it(system: System, ana: Client) -> None:
    word = people.unique_word()
    person = watched(ana, word)
    system.processes["mailbox"].stop()
    try:
        ana.post(f"/v1/persons/{person['id']}/attendances", {"title": f"Caso {word}", "text": "Olá"})
        wait_for(lambda: [one["status"] for one in log_of(ana, person)] == ["failed"], what="the first try failed")
        assert log_of(ana, person)[0]["last_error"]
    finally:
        system.restart("mailbox")
    wait_for(lambda: [one["status"] for one in log_of(ana, person)] == ["sent"], 40, "sent by a later try")
    assert log_of(ana, person)[0]["attempts"] > 1
    assert len([mail for mail in system.mails() if word in mail["subject"]]) == 1


def test_pages_are_complete_and_wrong_questions_refused(ana: Client) -> None:
    person = watched(ana, people.unique_word())
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"title": "Muitas"})
    for number in range(4):
        ana.post(f"/v1/attendances/{opened['id']}/entries", {"text": str(number)})
    wait_for(lambda: len(log_of(ana, person)) == 4, what="four deliveries")
    options = {"person_id": person["id"], "limit": 3}
    first = ana.get("/v1/deliveries", params=options)
    rest = ana.get("/v1/deliveries", params={**options, "cursor": first["next_cursor"]})
    assert len({one["id"] for one in first["items"] + rest["items"]}) == 4
    field_refused(ana.request("GET", "/v1/deliveries", params={"limit": 0}), "limit")
