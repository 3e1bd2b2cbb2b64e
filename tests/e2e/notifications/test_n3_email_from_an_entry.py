"""Row N3: an e-mail from an attendance is an entry of its own and a copy in the draft; text, HTML and files arrive."""

from __future__ import annotations

from tests.support.builders import attachments, documents, people
from tests.support.problems import refused
from tests.support.stack.system import Client, System


def test_an_email_of_an_attendance_arrives_with_its_files_and_is_an_entry(system: System, ana: Client) -> None:
    word = people.unique_word()
    person = people.with_two_addresses(ana, word)
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


def test_a_closed_attendance_and_a_stranger_send_none(system: System, ana: Client, bruno: Client) -> None:
    word = people.unique_word()
    person = people.with_two_addresses(ana, word)
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": f"Caso {word}"})
    path = f"/v1/attendances/{opened['id']}/mails"
    refused(bruno.request("POST", path, json={"text": "Olá"}), 404, "attendance_not_found")
    ana.post(f"/v1/attendances/{opened['id']}/close", {})
    refused(ana.request("POST", path, json={"text": "Olá"}), 409, "attendance_closed")
    assert [one for one in system.mails() if word in one["subject"]] == []
