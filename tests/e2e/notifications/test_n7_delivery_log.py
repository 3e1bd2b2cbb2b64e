"""Row N7: the log names every delivery; a mail server that is down delays a mail and does not multiply it."""

from __future__ import annotations

from tests.support.builders import people
from tests.support.builders.watching import log_of, watched
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


def test_a_delivery_is_logged_with_its_recipient_and_message_id(system: System, ana: Client) -> None:
    word = people.unique_word()
    person = watched(ana, word)
    ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": f"Caso {word}", "text": "Olá"})
    wait_for(lambda: [one["state"] for one in log_of(ana, person)] == ["sent"], what="sent")
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
        ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": f"Caso {word}", "text": "Olá"})
        wait_for(lambda: [one["state"] for one in log_of(ana, person)] == ["failed"], what="the first try failed")
        assert log_of(ana, person)[0]["last_error"]
    finally:
        system.restart("mailbox")
    wait_for(lambda: [one["state"] for one in log_of(ana, person)] == ["sent"], 40, "sent by a later try")
    assert log_of(ana, person)[0]["attempts"] > 1
    assert len([mail for mail in system.mails() if word in mail["subject"]]) == 1
