"""Row A7: an attendance is opened on a registered person, of a type, with an optional first entry, its standard text
and its files; by others too."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests

from tests.support.builders import documents
from tests.support.builders.attachments import MIB, picture
from tests.support.builders.attendance import history, set_up
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System

GREETING = {"id": "ola", "name": "Olá", "text": "Olá, {{pessoa}}: seu nº é {{referencia}}."}


def test_an_attendance_is_opened_right_after_the_person_is_registered(ana: Client) -> None:
    for number in range(5):
        person = ana.register(f"Recente {number}")
        opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Primeira visita"})
        assert (opened["state"], opened["entry_count"]) == ("open", 0)


def test_ten_at_once_with_one_key_open_one(ana: Client) -> None:
    person, key = ana.register("Concorrida"), uuid.uuid4().hex
    path = f"/v1/persons/{person['id']}/attendances"

    def send(_: int) -> tuple[int, str | None]:
        answer = ana.request("POST", path, json={"subject": "Chamado", "text": "Um.", "dedup_key": key})
        return answer.status_code, answer.json().get("id")

    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(send, range(10)))
    assert {status for status, _ in answers} <= {200, 201, 409, 503}
    assert [status for status, _ in answers].count(201) == 1
    assert len({one for status, one in answers if status in (200, 201)}) == 1
    assert [one["entry_count"] for one in ana.get(path)["items"]] == [1]


def send(who: Client, person_id: str, content: bytes, **query: Any) -> requests.Response:
    """A file for an attendance that is about to be opened."""
    return who.request(
        "POST", f"/v1/persons/{person_id}/attendance-attachments", params={"name": "foto.png", **query},
        data=content, headers={"Content-Type": "application/octet-stream"}, timeout=90,
    )  # fmt: skip


def test_it_is_opened_with_a_standard_text_and_files_and_the_customer_is_told(system: System, ana: Client) -> None:
    made = set_up(ana, attachments_allowed=True, attachment_limit=MIB, standard_texts=[GREETING])
    key, content = uuid.uuid4().hex, picture(400_000)
    address = f"{key}@cliente.example"
    person = ana.register("Rita do Forno", emails=[{"address": address, "main": True}])
    file = send(ana, person["id"], content, dedup_key=key, type_id=made.leaf).json()
    assert (file["staged"], file["size"]) == (True, 400_000)
    body = {"subject": "Forno não liga", "type_id": made.leaf, "standard_text_id": "ola", "notify_customer": True}
    path = f"/v1/persons/{person['id']}/attendances"
    opened = ana.post(path, {**body, "dedup_key": key, "attachment_ids": [file["id"]]})
    assert opened["id"] == file["attendance_id"]
    (entry,) = history(ana, opened)
    assert entry["text"] == f"Olá, Rita do Forno: seu nº é {opened['reference']}."
    assert (entry["standard_text"], entry["notified_customer"]) == ({"id": "ola", "name": "Olá"}, True)
    assert [one["id"] for one in entry["attachments"]] == [file["id"]]
    fetched = ana.request("GET", f"/v1/attendances/{opened['id']}/attachments/{file['id']}")
    assert fetched.content == content
    documents.deliveries(ana, person["id"], 1)
    [mail] = documents.mails(system, address)
    assert [part.get_payload(decode=True) for part in mail.iter_attachments()] == [content]


def test_files_and_texts_that_the_type_or_the_company_does_not_have_open_nothing(ana: Client, bruno: Client) -> None:
    made = set_up(ana, attachments_allowed=True, attachment_limit=MIB, standard_texts=[GREETING])
    person, key = ana.register("Recusada")["id"], uuid.uuid4().hex
    named = {"dedup_key": key, "type_id": made.leaf}
    refused(send(ana, person, picture(MIB + 1), **named), 413, "attachment_too_large")
    refused(send(bruno, person, picture(99), dedup_key=key), 404, "person_not_found")
    field_refused(send(ana, person, picture(99)), "dedup_key")
    file = send(ana, person, picture(99), **named).json()["id"]
    path, body = f"/v1/persons/{person}/attendances", {"subject": "Forno", **named, "attachment_ids": [file]}
    refused(ana.request("POST", path, json=body), 422, "entry_text_missing")
    field_refused(ana.request("POST", path, json={**body, "text": "x", "dedup_key": None}), "dedup_key")
    other = {**body, "text": "x", "dedup_key": uuid.uuid4().hex}
    refused(ana.request("POST", path, json=other), 404, "attachment_not_found")
    unknown = {"subject": "Forno", "type_id": made.leaf, "standard_text_id": "x"}
    refused(ana.request("POST", path, json=unknown), 404, "standard_text_not_found")
    assert ana.get(path)["items"] == []
