"""Row N2: an e-mail to a person: the main address filled in, others suggested, each recipient by themselves."""

from __future__ import annotations

from typing import Any

from tests.support.builders import documents, people, users
from tests.support.problems import field_refused, refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


def arrived(system: System, word: str, count: int) -> list[Any]:
    wait_for(lambda: len([one for one in system.mails() if word in one["subject"]]) >= count, what=f"{count} mails")
    return [one for one in system.mails() if word in one["subject"]]


def test_each_recipient_of_a_persons_email_has_a_mail_of_their_own(system: System, ana: Client) -> None:
    word = people.unique_word()
    person = people.with_two_addresses(ana, word)
    form = ana.get(f"/v1/persons/{person['id']}/email-form")
    body = {"to": form["suggestions"], "subject": f"Aviso {word}", "text": "Olá!"}
    sent = ana.post(f"/v1/persons/{person['id']}/mails", body)["items"]
    assert len(sent) == 2
    documents.deliveries(ana, person["id"], 2)
    mails = arrived(system, word, 2)
    assert sorted(mail["to"] for mail in mails) == sorted([one] for one in form["suggestions"])
    assert {mail["message_id"] for mail in mails} == {one["message_id"] for one in sent}


def test_it_says_whose_account_sends_and_refuses_what_cannot_be_sent(
    system: System, ana: Client, bruno: Client
) -> None:
    word = people.unique_word()
    person = people.with_two_addresses(ana, word)
    form = ana.get(f"/v1/persons/{person['id']}/email-form")
    assert form["to"] == f"{word.lower()}@cliente.example"
    assert form["sender"]["owner"] == "installation"
    path, body = f"/v1/persons/{person['id']}/mails", {"to": [form["to"]], "subject": f"Aviso {word}", "text": "Olá!"}
    field_refused(ana.request("POST", path, json={**body, "to": ["rita"]}), "to")
    refused(bruno.request("POST", path, json=body), 404, "person_not_found")
    viewer = users.as_user(system, users.create(ana, "viewer"))
    refused(viewer.request("POST", path, json=body), 403, "permission_missing")
    assert [one for one in system.mails() if word in one["subject"]] == []
