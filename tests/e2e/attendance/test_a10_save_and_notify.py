"""Row A10: the customer receives a copy only where its author chose so, once; only for a user who may send one.

The copy carries the entry's files.
"""

from __future__ import annotations

import os
import uuid
from typing import Any

import pytest

from deploy.local.mailbox import text_of
from tests.support.builders import documents
from tests.support.builders.attendance import attach, case_with_address
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


@pytest.fixture
def case(ana: Client) -> dict[str, Any]:
    """An attendance of a person with an address of her own."""
    return case_with_address(ana)


MIB = 1 << 20
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
# What would be a mail of its own, a page, lines of a mail's end; and names as people give them.
FILES = {
    'Orçamento "final" – ção 😀.png': PNG + os.urandom(700_000),
    "resposta.eml": b"From: a@b.example\r\nSubject: Oi\r\nContent-Type: text/plain\r\n\r\nOi.\r\n.\r\nFim\r\n",
    "página.html": "<script>alert('ção')</script>\n".encode(),
    "latin.csv": "Ação;1\r\n\r\n".encode("cp1252"),
}


def copies(system: System, address: str) -> list[dict[str, Any]]:
    return [mail for mail in system.mails() if mail["to"] == [address]]


def deliveries(ana: Client, case: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ana.get("/v1/deliveries", params={"person_id": case["person_id"]})["items"]
    return found


def test_save_and_notify_sends_one_copy_and_save_sends_none(system: System, ana: Client, case: dict[str, Any]) -> None:
    assert not ana.post(case["path"], {"text": "Só entre nós."})["notified_customer"]
    key = {"Idempotency-Key": uuid.uuid4().hex}
    for _ in range(3):
        told = ana.post(case["path"], {"text": "Chega amanhã.", "notify_customer": True}, headers=key)
        assert told["notified_customer"]
    ana.post(case["path"], {"text": "De novo só entre nós."})
    wait_for(lambda: [one["state"] for one in deliveries(ana, case)] == ["sent"], what="the delivery")
    [mail] = copies(system, case["address"])
    assert case["subject"] in mail["subject"]
    assert "Novo parecer" not in mail["subject"], "the customer's own words, not a watcher's alert"
    [delivery] = deliveries(ana, case)
    assert (delivery["recipient"], delivery["channel"]) == (case["address"], "email")


def test_the_copy_carries_the_files_of_the_entry_byte_by_byte(
    system: System, ana: Client, case: dict[str, Any]
) -> None:
    ana.put(f"/v1/persons/{case['person_id']}/watchers/me", {"own_actions": True})
    made = [attach(ana, case["id"], name, content) for name, content in FILES.items()]
    body = {"text": "Seguem.", "notify_customer": True, "attachment_ids": [one["id"] for one in made]}
    ana.post(case["path"], body)
    told = documents.deliveries(ana, case["person_id"], 2)
    [mail] = documents.mails(system, case["address"])
    arrived = {part.get_filename(): part.get_payload(decode=True) for part in mail.iter_attachments()}
    assert arrived == {one["name"]: content for one, content in zip(made, FILES.values(), strict=True)}
    assert "tamanho" not in text_of(mail)
    [watcher] = [one for one in told if one["recipient"] != case["address"]]
    [alert] = [
        one for one in documents.mails(system, watcher["recipient"]) if one["Message-ID"] == watcher["message_id"]
    ]
    assert list(alert.iter_attachments()) == []
    kept = system.mongo("notifications")["enclosures"]
    wait_for(lambda: kept.find_one({"person_id": case["person_id"]}) is None, what="the files gone once they are sent")


def test_the_copy_carries_what_it_has_room_for_and_names_the_rest(
    system: System, ana: Client, case: dict[str, Any]
) -> None:
    largest = PNG + os.urandom(5 * MIB - len(PNG))
    ids = [attach(ana, case["id"], name, content)["id"] for name, content in (
        ("planta.png", largest + b"x"), ("fachada.png", largest), ("nota.txt", b"Oi"))]  # fmt: skip
    entry = ana.post(case["path"], {"text": "Seguem.", "notify_customer": True, "attachment_ids": ids})
    assert len(entry["attachments"]) == 3
    documents.deliveries(ana, case["person_id"])
    [mail] = documents.mails(system, case["address"])
    assert [(one.get_filename(), one.get_payload(decode=True)) for one in mail.iter_attachments()] == [
        ("fachada.png", largest)
    ]
    assert text_of(mail).splitlines()[-5:] == [
        "Seguem.", "", "Por causa do tamanho, estes arquivos não foram anexados a este e-mail:", "- planta.png",
        "- nota.txt",
    ]  # fmt: skip


def test_a_watcher_is_told_besides(system: System, ana: Client, case: dict[str, Any]) -> None:
    ana.put(f"/v1/persons/{case['person_id']}/watchers/me", {"own_actions": True})
    ana.post(case["path"], {"text": "Para ambos.", "notify_customer": True})
    wait_for(lambda: len(deliveries(ana, case)) == 2, what="two deliveries")
    assert {one["recipient"] for one in deliveries(ana, case)} == {case["address"], "ana@padaria.example"}


def test_at_the_opening_too(system: System, ana: Client) -> None:
    word = uuid.uuid4().hex
    person = ana.register("Avisada", emails=[{"address": f"{word}@cliente.example", "main": True}])
    body = {"subject": "Visita", "text": f"Vamos na terça. {word}", "notify_customer": True}
    ana.post(f"/v1/persons/{person['id']}/attendances", body)
    path = "/v1/deliveries"
    wait_for(lambda: len(ana.get(path, params={"person_id": person["id"]})["items"]) == 1, what="the copy")
    assert ana.get(path, params={"person_id": person["id"]})["items"][0]["recipient"] == f"{word}@cliente.example"
