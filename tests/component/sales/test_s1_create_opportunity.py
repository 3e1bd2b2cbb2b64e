"""Row S1: an opportunity on a person, contact date today unless given; its conversation is an attendance."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.builders import sales
from tests.support.builders.sales import patch
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client


def conversation(ana: Client, opportunity: dict[str, Any]) -> dict[str, Any]:
    """Opened by attendance when it hears of the opportunity."""
    path = f"/v1/attendances/{opportunity['attendance_id']}"
    assert ana.request("GET", path).ok
    opened: dict[str, Any] = ana.get(path)
    return opened


def test_defaults_and_given_values(ana: Client) -> None:
    person = ana.register("Interessada")
    path = f"/v1/persons/{person['id']}/opportunities"
    today = dt.datetime.now(ZoneInfo("America/Sao_Paulo")).date()
    plain = ana.post(path, {"subject": "Forno"})
    assert dt.date.fromisoformat(plain["contact_date"]) - today <= dt.timedelta(days=1)
    assert (plain["state"], plain["amount"], plain["success_percent"]) == ("open", None, None)
    full = ana.post(
        path, {"subject": "Batedeira", "contact_date": "2031-05-06", "success_percent": 70, "amount": "12345.67"}
    )
    assert (full["contact_date"], full["success_percent"], full["amount"]) == ("2031-05-06", 70, "12345.67")
    parts: dict[str, Any] = {"appointment": None, "refused": [], "warnings": []}
    assert {**ana.get(f"/v1/opportunities/{full['id']}"), **parts} == full


def test_its_conversation_is_there_with_the_customers_name_and_follows_its_name(ana: Client) -> None:
    name = "Padaria do Zé"
    of_a_new_person = {"subject": "Forno", "person": {"name": name}}
    for _ in range(3):
        made = ana.post("/v1/opportunities", of_a_new_person)
        opened = ana.get(f"/v1/attendances/{made['attendance_id']}")
        assert (opened["subject"], opened["contact_name"]) == ("Forno", name)
    patch(ana, f"/v1/opportunities/{made['id']}", {"subject": "Forno e batedeira"})
    path = f"/v1/attendances/{made['attendance_id']}"
    assert ana.get(path)["subject"] == "Forno e batedeira"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "subject"),
        ({"subject": "x", "success_percent": 101}, "success_percent"),
        ({"subject": "x", "amount": "-1"}, "amount"),
        ({"subject": "x", "amount": "a lot"}, "amount"),
        ({"subject": "x", "contact_date": "06/05/2031"}, "contact_date"),
        ({"subject": "x", "amount": "NaN"}, "amount"),
        ({"subject": "x", "currency": "reais"}, "currency"),
        ({"subject": "x", "customer_status": "friend"}, "customer_status"),
        ({"subject": "x", "state": "closed"}, "state"),
    ],
)
def test_a_wrong_field_is_refused(ana: Client, body: dict[str, Any], field: str) -> None:
    person = ana.register("Recusada")
    field_refused(ana.request("POST", f"/v1/persons/{person['id']}/opportunities", json=body), field)


def test_an_unknown_person_is_refused(ana: Client) -> None:
    answer = ana.request("POST", "/v1/persons/nobody/opportunities", json={"subject": "x"})
    refused(answer, 404, "person_not_found")


def test_all_that_the_screen_asks_for_is_kept(ana: Client) -> None:
    stage = ana.get("/v1/stages")["items"][2]
    body = {
        "subject": "Forno de 8 bandejas",
        "environment": "Cozinha industrial",
        "means_of_contact": "Feira",
        "referral": "Contador do cliente",
        "internal_contact_date": "2031-05-01",
        "contact_date": "2031-05-06",
        "customer_status": "client",
        "currency": "USD",
        "amount": "0.10",
        "stage_id": stage["id"],
        "responsible_id": sales.colleague(ana),
    }
    made = ana.post(f"/v1/persons/{ana.register('Completa')['id']}/opportunities", body)
    body["stage"] = {"id": body.pop("stage_id"), "name": stage["name"]}
    body["responsible"] = {"id": body.pop("responsible_id"), "name": made["responsible"]["name"]}
    assert {name: made[name] for name in body} == body
    assert made["responsible"]["name"]
    assert (made["stage"]["name"], made["person"]["name"], made["legend"]) == (
        stage["name"],
        "Completa",
        "internal_date",
    )


def test_who_answers_for_it_is_a_user_of_the_company(ana: Client, bruno: Client) -> None:
    path = f"/v1/persons/{ana.register('De ninguém')['id']}/opportunities"
    for stranger in ("joao", bruno.session["user"]["id"]):
        body = {"subject": "Forno", "responsible_id": stranger}
        refused(ana.request("POST", path, json=body), 404, "user_not_found")
    made = ana.post(path, {"subject": "Forno"})
    changed = {"responsible_id": "joao"}
    refused(ana.request("PATCH", f"/v1/opportunities/{made['id']}", json=changed), 404, "user_not_found")


def test_its_maker_answers_for_it_in_the_first_stage(ana: Client) -> None:
    made = ana.post(f"/v1/persons/{ana.register('Simples')['id']}/opportunities", {"subject": "Forno"})
    assert made["responsible"]["id"] == ana.session["user"]["id"]
    assert made["stage"]["id"] == ana.get("/v1/stages")["items"][0]["id"]


def test_it_begins_in_a_stage_that_exists_and_is_not_the_closing_one(ana: Client) -> None:
    path = f"/v1/persons/{ana.register('Sem estágio')['id']}/opportunities"
    body = {"subject": "x", "stage_id": "nothing"}
    refused(ana.request("POST", path, json=body), 404, "stage_not_found")
    body["stage_id"] = ana.get("/v1/stages")["items"][-1]["id"]
    refused(ana.request("POST", path, json=body), 409, "stage_closing")


def test_closing_the_conversation_puts_it_in_the_closing_stage(ana: Client) -> None:
    made = ana.post(f"/v1/persons/{ana.register('Encerrada')['id']}/opportunities", {"subject": "Forno"})
    conversation(ana, made)
    ana.post(f"/v1/attendances/{made['attendance_id']}/close", None)
    path = f"/v1/opportunities/{made['id']}"
    assert ana.get(path)["state"] == "closed"
    closed = ana.get(path)
    assert closed["stage"]["id"] == ana.get("/v1/stages")["items"][-1]["id"]
    assert closed["closed_at"] is not None
