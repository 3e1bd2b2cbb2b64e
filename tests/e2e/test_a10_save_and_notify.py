"""Row A10: the customer receives a copy only where its author chose so, once; only for a user who may send one."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.support import people
from tests.support.attendance import user
from tests.support.ports import wait_for
from tests.support.problems import refused
from tests.support.system import Client, System


@pytest.fixture
def case(ana: Client) -> dict[str, Any]:
    """An attendance of a person with an address of her own."""
    word = people.unique_word()
    address = f"{word.lower()}@cliente.example"
    person = ana.register(f"Cliente {word}", emails=[{"address": address, "main": True}])
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"title": f"Caso {word}"})
    return {**opened, "address": address, "path": f"/v1/attendances/{opened['id']}/entries"}


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
    wait_for(lambda: [one["status"] for one in deliveries(ana, case)] == ["sent"], what="the delivery")
    [mail] = copies(system, case["address"])
    assert case["title"] in mail["subject"]
    assert "Novo parecer" not in mail["subject"], "the customer's own words, not a watcher's alert"
    [delivery] = deliveries(ana, case)
    assert (delivery["recipient"], delivery["channel"]) == (case["address"], "email")


def test_a_watcher_is_told_besides(system: System, ana: Client, case: dict[str, Any]) -> None:
    ana.put(f"/v1/persons/{case['person_id']}/watchers/me")
    ana.post(case["path"], {"text": "Para ambos.", "notify_customer": True})
    wait_for(lambda: len(deliveries(ana, case)) == 2, what="two deliveries")
    assert {one["recipient"] for one in deliveries(ana, case)} == {case["address"], "ana@padaria.example"}


def test_a_user_without_a_mail_account_cannot_notify(system: System, ana: Client, case: dict[str, Any]) -> None:
    attendant = user(system, "attendant")
    body = {"text": "Queria avisar.", "notify_customer": True}
    refused(attendant.request("POST", case["path"], json=body), 403, "mail_account_missing")
    assert ana.get(case["path"])["items"] == []
    assert attendant.post(case["path"], {"text": "Sem aviso."})["kind"] == "note"


def test_a_person_without_an_address_cannot_be_notified(ana: Client) -> None:
    person = ana.register("Sem e-mail")
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"title": "x"})
    body = {"text": "x", "notify_customer": True}
    answer = ana.request("POST", f"/v1/attendances/{opened['id']}/entries", json=body)
    refused(answer, 409, "person_email_missing")
