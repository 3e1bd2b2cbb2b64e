"""Rows N2, N3: the form of an e-mail, and what is refused of one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import people, users
from tests.support.builders.watching import log_of
from tests.support.problems import field_refused, refused
from tests.support.stack.in_process import InProcessSystem
from tests.support.stack.system import Client

LETTER = {"to": ["rita@cliente.example"], "subject": "Aviso", "text": "Olá!"}


@pytest.fixture
def person(ana: Client) -> dict[str, Any]:
    word = people.unique_word()
    emails = [{"address": f"{name}{word}@cliente.example".lower(), "main": name == "b"} for name in "ab"]
    return ana.register(f"Cliente {word}", emails=emails)


def test_the_form_has_the_main_address_filled_in_and_the_others_suggested(ana: Client, person: dict[str, Any]) -> None:
    form = ana.get(f"/v1/persons/{person['id']}/email-form")
    assert form["to"] == form["suggestions"][0]
    assert form["to"].startswith("b")
    assert [one[0] for one in form["suggestions"]] == ["b", "a"]
    assert form["sender"]["owner"] == "installation"
    without = ana.register("Sem e-mail")
    empty = ana.get(f"/v1/persons/{without['id']}/email-form")
    assert (empty["to"], empty["suggestions"]) == (None, [])
    refused(ana.request("GET", "/v1/persons/nobody/email-form"), 404, "person_not_found")


def test_an_email_to_a_person_is_in_their_log_once_for_each_recipient(ana: Client, person: dict[str, Any]) -> None:
    body = {**LETTER, "to": ["x@c.example", "y@c.example", "x@c.example"]}
    key = {"Idempotency-Key": people.unique_word()}
    for _ in range(2):
        sent = ana.post(f"/v1/persons/{person['id']}/mails", body, headers=key)
        assert sorted(one["recipient"] for one in sent["items"]) == ["x@c.example", "y@c.example"]
    assert len(log_of(ana, person)) == 2


def test_wrong_emails_are_refused(system: InProcessSystem, ana: Client, bruno: Client, person: dict[str, Any]) -> None:
    path = f"/v1/persons/{person['id']}/mails"
    for name, wrong in (("to", []), ("to", ["rita"]), ("to", ["a@x.example"] * 21), ("subject", ""), ("text", "")):
        field_refused(ana.request("POST", path, json={**LETTER, name: wrong}), name)
    refused(ana.request("POST", "/v1/persons/nobody/mails", json=LETTER), 404, "person_not_found")
    refused(bruno.request("POST", path, json=LETTER), 404, "person_not_found")
    viewer = users.as_user(system, users.create(ana, "viewer"))
    refused(viewer.request("POST", path, json=LETTER), 403, "permission_missing")


def test_an_email_of_an_attendance_is_refused_where_an_entry_would_be(
    system: InProcessSystem, ana: Client, person: dict[str, Any]
) -> None:
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Caso"})
    path = f"/v1/attendances/{opened['id']}/mails"
    field_refused(ana.request("POST", path, json={"text": ""}), "text")
    attendant = users.as_user(system, users.create(ana, "attendant"))
    refused(attendant.request("POST", path, json={"text": "Olá"}), 403, "mail_account_missing")
    ana.post(f"/v1/attendances/{opened['id']}/close", {})
    refused(ana.request("POST", path, json={"text": "Olá"}), 409, "attendance_closed")
    nameless = ana.register("Sem e-mail")
    other = ana.post(f"/v1/persons/{nameless['id']}/attendances", {"subject": "Caso"})
    refused(
        ana.request("POST", f"/v1/attendances/{other['id']}/mails", json={"text": "Olá"}), 409, "person_email_missing"
    )
    ana.post(f"/v1/attendances/{other['id']}/mails", {"text": "Olá", "to": ["rita@c.example"]})


def test_the_text_of_an_email_is_added_to_what_the_user_was_writing(ana: Client, person: dict[str, Any]) -> None:
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Caso"})
    sent = ana.post(f"/v1/attendances/{opened['id']}/mails", {"text": "Primeiro", "subject": "Proposta"})
    ana.post(f"/v1/attendances/{opened['id']}/mails", {"text": "Segundo"})
    text = ana.get(f"/v1/attendances/{opened['id']}/draft")["content"]["text"]
    assert text.index("Proposta") < text.index("Primeiro") < text.index("Segundo")
    assert sent["data"]["subject"] == "Proposta"


def test_who_has_withdrawn_the_consent_to_emails_gets_none(ana: Client, person: dict[str, Any]) -> None:
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Caso"})
    consent = {"purpose": "service", "channel": "email", "source": "telefone"}
    for given in (True, False):
        ana.post(f"/v1/persons/{person['id']}/consents", {**consent, "given": given})
    refused(ana.request("POST", f"/v1/persons/{person['id']}/mails", json=LETTER), 409, "email_declined")
    path = f"/v1/attendances/{opened['id']}/mails"
    refused(ana.request("POST", path, json={"text": "Olá"}), 409, "email_declined")
    ana.post(f"/v1/persons/{person['id']}/consents", {**consent, "given": True})
    ana.post(path, {"text": "Olá"})
