"""Rows N2, N3: an e-mail to a person, by itself or from an attendance, where it is an entry of its own and a copy in
the draft; text, HTML and files arrive, each recipient by themselves."""

from __future__ import annotations

from typing import Any

from tests.support.builders import attachments, documents, people
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


def person_of(ana: Client, word: str) -> dict[str, Any]:
    main, other = f"{word.lower()}@cliente.example", f"compras.{word.lower()}@cliente.example"
    emails = [{"address": other, "main": False}, {"address": main, "main": True}]
    return ana.register(f"Cliente {word}", emails=emails)


def arrived(system: System, word: str, count: int) -> list[Any]:
    wait_for(lambda: len([one for one in system.mails() if word in one["subject"]]) >= count, what=f"{count} mails")
    return [one for one in system.mails() if word in one["subject"]]


def test_an_email_of_an_attendance_arrives_with_its_files_and_is_an_entry(system: System, ana: Client) -> None:
    word = people.unique_word()
    person = person_of(ana, word)
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": f"Caso {word}"})
    file = attachments.sent(ana, opened, "proposta.pdf", b"%PDF-1.4 proposta")
    ana.put(f"/v1/attendances/{opened['id']}/draft", {"content": {"text": "Em andamento."}})
    sent = ana.post(
        f"/v1/attendances/{opened['id']}/mails",
        {"text": "Segue a proposta.\n\nVeja https://x.example/p?a=1&b=<2>", "attachment_ids": [file["id"]]},
    )
    main = f"{word.lower()}@cliente.example"
    assert (sent["kind"], sent["data"]) == ("email", {"to": [main], "subject": f"Caso {word}"})
    documents.deliveries(ana, person["id"])
    (mail,) = documents.mails(system, main)
    plain, html, pdf = documents.parts(mail)
    assert plain.startswith("Segue a proposta.")
    assert '<a href="https://x.example/p?a=1&amp;b="' in html
    assert pdf == b"%PDF-1.4 proposta"
    draft = ana.get(f"/v1/attendances/{opened['id']}/draft")["content"]["text"]
    assert draft.startswith("Em andamento.\n\nE-mail para")
    assert "Segue a proposta." in draft
    entries = ana.get(f"/v1/attendances/{opened['id']}/entries")["items"]
    assert [one["kind"] for one in entries if one["id"] == sent["id"]] == ["email"]


def test_each_recipient_of_a_persons_email_has_a_mail_of_their_own(system: System, ana: Client) -> None:
    word = people.unique_word()
    person = person_of(ana, word)
    form = ana.get(f"/v1/persons/{person['id']}/email-form")
    body = {"to": form["suggestions"], "subject": f"Aviso {word}", "text": "Olá!"}
    sent = ana.post(f"/v1/persons/{person['id']}/mails", body)["items"]
    assert len(sent) == 2
    documents.deliveries(ana, person["id"], 2)
    mails = arrived(system, word, 2)
    assert sorted(mail["to"] for mail in mails) == sorted([one] for one in form["suggestions"])
    assert {mail["message_id"] for mail in mails} == {one["message_id"] for one in sent}
