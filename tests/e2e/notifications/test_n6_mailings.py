"""Row N6: a mailing goes to whom the filter finds, once each, as far as they consent; who opts out gets no more."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests

from tests.support.builders import mailings, people, users
from tests.support.builders.mailings import PATH
from tests.support.pdf import text_of
from tests.support.problems import field_refused, refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


def about(system: System, word: str) -> list[dict[str, Any]]:
    return [one for one in system.mails() if word in one["subject"]]


def headers_of(system: System, number: int) -> dict[str, str]:
    mail = requests.get(f"http://127.0.0.1:{system.ports['mail']}/messages/{number}", timeout=5).json()
    found: dict[str, str] = mail["headers"]
    return found


@pytest.fixture
def word() -> str:
    return people.unique_word()


def test_it_goes_once_to_each_address_with_their_own_name_and_says_why_others_get_none(
    system: System, ana: Client, word: str
) -> None:
    group, mail = mailings.category(ana, word), f"{word.lower()}@cliente.example"
    rita = mailings.person(ana, f"Rita {word}", group, mail)
    mailings.person(ana, f"Sócio {word}", group, mail.upper())
    mailings.person(ana, f"Calada {word}", group, f"calada.{mail}", consents=None)
    mailings.person(ana, f"Zangada {word}", group, f"zangada.{mail}", consents=False)
    mailings.person(ana, f"Carta {word}", group, city="Contagem")
    mailings.person(ana, f"Vazia {word}", group)
    mailing = mailings.create(ana, group, header="Boletim da padaria")
    ready = mailings.gathered(ana, mailing["id"])
    assert ready["counts"] == {
        "waiting": 1, "queued": 0, "sent": 0, "dead": 0, "suppressed": 4, "letter": 1, "cancelled": 0
    }  # fmt: skip
    told = {one["name"].split()[0]: one for one in mailings.recipients(ana, mailing["id"])}
    assert list(told) == sorted(told)
    reasons = {name: one["reason"] for name, one in told.items()}
    assert reasons.pop("Carta") is None
    assert {reasons.pop("Rita"), reasons.pop("Sócio")} == {None, "address_repeated"}
    assert reasons == {"Calada": "consent_missing", "Zangada": "opted_out", "Vazia": "address_missing"}
    assert all(one["explanation"] for one in told.values() if one["reason"])
    assert about(system, mailing["word"]) == []
    letters = ana.request("GET", f"{PATH}/{mailing['id']}/letters.pdf")
    assert all(
        one in text_of(letters.content) for one in (f"Carta {word}", "30110-000 Contagem/MG", "Boletim da padaria")
    )
    mailings.started(ana, mailing["id"])
    done = mailings.reached(ana, mailing["id"], "done")
    assert done["counts"]["sent"] == 1
    assert done["counts"]["waiting"] == 0
    (arrived,) = about(system, mailing["word"])
    assert arrived["to"][0].lower() == mail
    (sent,) = mailings.recipients(ana, mailing["id"], outcome="sent")
    name = f"Rita {word}" if sent["person_id"] == rita["id"] else f"Sócio {word}"
    assert name in arrived["subject"]
    delivery = ana.get(f"/v1/deliveries/{sent['delivery_id']}")
    assert (delivery["mailing_id"], delivery["state"]) == (mailing["id"], "sent")
    refused(ana.request("POST", f"{PATH}/{mailing['id']}/start"), 409, "mailing_not_ready")
    refused(ana.request("POST", f"{PATH}/{mailing['id']}/cancel"), 409, "mailing_over")


def test_one_click_opts_out_at_once_and_people_keeps_the_evidence(system: System, ana: Client, word: str) -> None:
    group, mail = mailings.category(ana, word), f"{word.lower()}@cliente.example"
    rita = mailings.person(ana, f"Rita {word}", group, mail)
    first = mailings.create(ana, group)
    second = mailings.create(ana, group)
    for one in (first, second):
        mailings.gathered(ana, one["id"])
    mailings.started(ana, first["id"])
    mailings.reached(ana, first["id"], "done")
    (arrived,) = about(system, first["word"])
    headers = headers_of(system, arrived["number"])
    link = headers["List-Unsubscribe"].strip("<>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    page = requests.get(link, timeout=10)
    assert page.status_code == 200
    assert "Não quero mais receber" in page.text
    assert mail not in page.text
    assert "<script" not in page.text
    done = requests.post(link, data={"List-Unsubscribe": "One-Click"}, timeout=10)
    assert done.status_code == 200
    assert "não recebe mais" in done.text
    assert requests.post(link, files={"List-Unsubscribe": (None, "One-Click")}, timeout=10).status_code == 200
    mailings.started(ana, second["id"])
    mailings.reached(ana, second["id"], "done")
    (stopped,) = mailings.recipients(ana, second["id"])
    assert (stopped["outcome"], stopped["reason"]) == ("suppressed", "opted_out")
    assert about(system, second["word"]) == []

    def withdrawn() -> list[dict[str, Any]]:
        items = ana.get(f"/v1/persons/{rita['id']}/consents")["items"]
        return [one for one in items if one["channel"] == "email" and not one["given"]]

    wait_for(lambda: withdrawn(), what="the withdrawal in people")
    (kept,) = withdrawn()
    assert kept["source"] == "descadastro em um clique"
    assert first["id"] in kept["evidence"]
    assert requests.get(link[:-1] + ("A" if link[-1] != "A" else "B"), timeout=10).status_code == 404
    assert requests.get(f"{system.url}/u/qualquer", timeout=10).status_code == 404
    assert requests.post(link, json={"List-Unsubscribe": "One-Click"}, timeout=10).status_code == 415


def test_a_draft_is_written_and_copied_and_wrong_ones_are_refused(ana: Client, bruno: Client, word: str) -> None:
    group = mailings.category(ana, word)
    body = {"kind": "folder", "subject": "Folder", "text": "Olá", "filter": {"category_id": group}}
    field_refused(ana.request("POST", PATH, json={**body, "text": "{{ senha }}"}), "text")
    field_refused(ana.request("POST", PATH, json={**body, "text": "{% for x in y %}"}), "text")
    field_refused(ana.request("POST", PATH, json={**body, "purpose": "spam"}), "purpose")
    field_refused(ana.request("POST", PATH, json={"kind": "folder", "subject": "Só o assunto"}), "text")
    field_refused(ana.request("POST", PATH, json={**body, "filter": {"colour": "red"}}), "filter")
    mailing = ana.post(PATH, body)
    assert (mailing["state"], mailing["purpose"], mailing["responsible"]) == ("draft", "marketing", "Padaria Modelo")
    one = f"{PATH}/{mailing['id']}"
    assert ana.request("PATCH", one, json={"subject": "Outro"}, headers={"If-Match": None}).status_code == 428
    changed = ana.patch(one, {"subject": "Outro"}, headers={"If-Match": f'"{mailing["version"]}"'})
    assert changed["subject"] == "Outro"
    stale = ana.request("PATCH", one, json={"subject": "X"}, headers={"If-Match": f'"{mailing["version"]}"'})
    refused(stale, 412, "version_changed")
    refused(ana.request("POST", f"{one}/start"), 409, "mailing_not_ready")
    refused(ana.request("POST", f"{one}/pause"), 409, "mailing_not_sending")
    refused(ana.request("POST", f"{one}/resume"), 409, "mailing_not_paused")
    mailings.gathered(ana, mailing["id"])
    refused(ana.request("PATCH", one, json={"subject": "X"}, headers={"If-Match": "*"}), 409, "mailing_not_draft")
    refused(ana.request("POST", f"{one}/start"), 409, "mailing_nobody")
    refused(ana.request("GET", f"{one}/letters.pdf"), 409, "mailing_letters_none")
    copy = ana.post(f"{one}/duplicate", None)
    assert (copy["state"], copy["subject"]) == ("draft", "Outro")
    assert ana.post(f"{one}/cancel", None)["state"] == "cancelled"
    for path in ("", "/recipients", "/preview"):
        refused(bruno.request("GET", f"{one}{path}"), 404, "mailing_not_found")
    refused(bruno.request("POST", f"{one}/duplicate"), 404, "mailing_not_found")


def test_who_may_not_configure_sends_none_and_each_gathers_only_whom_they_see(
    system: System, ana: Client, word: str
) -> None:
    group, other = mailings.category(ana, word), mailings.category(ana, f"{word} fechado")
    mailings.person(ana, f"Rita {word}", group, f"{word.lower()}@cliente.example")
    hidden = mailings.person(ana, f"Oculta {word}", other, f"oculta.{word.lower()}@cliente.example")
    seller = users.as_user(system, users.create(ana, "seller"))
    body = {"kind": "folder", "subject": "Folder", "text": "Olá", "filter": {"category_id": group}}
    refused(seller.request("POST", PATH, json=body), 403, "permission_missing")
    ids = [hidden["id"]]
    chosen = mailings.create(ana, group, filter={"person_ids": ids})
    mailings.gathered(ana, chosen["id"])
    assert [one["person_id"] for one in mailings.recipients(ana, chosen["id"])] == ids
    assert ana.get(f"{PATH}/{chosen['id']}")["filter"]["persons"] == [{"id": hidden["id"], "name": hidden["name"]}]
    own = ["people.read", "notifications.read", "notifications.configure"]
    role = ana.post("/v1/roles", {"name": word, "permissions": own, "scopes": {"category": [group]}})
    narrowed = users.as_user(system, users.create(ana, role["id"]))
    assert mailings.recipients(narrowed, chosen["id"]) == []
    assert narrowed.get(f"{PATH}/{chosen['id']}")["filter"]["persons"] == [{"id": hidden["id"], "name": None}]
    hers = mailings.create(narrowed, group, filter={})
    mailings.gathered(narrowed, hers["id"])
    assert [one["name"] for one in mailings.recipients(ana, hers["id"])] == [f"Rita {word}"]
    named = {"id": group, "name": f"Clube {word}"}
    by_group = mailings.create(ana, group)
    assert by_group["filter"]["category"] == named
    assert [one["filter"]["category"] for one in ana.get(PATH)["items"] if one["id"] == by_group["id"]] == [named]
    by_other = mailings.create(narrowed, other)
    assert sum(mailings.gathered(narrowed, by_other["id"])["counts"].values()) == 0


def test_the_last_contact_narrows_it_and_only_who_sees_all_attendances_asks_for_it(
    system: System, ana: Client, word: str
) -> None:
    group = mailings.category(ana, word)
    met = mailings.person(ana, f"Falada {word}", group, f"falada.{word.lower()}@cliente.example")
    mailings.person(ana, f"Calada {word}", group, f"calada.{word.lower()}@cliente.example")
    ana.post(f"/v1/persons/{met['id']}/attendances", {"subject": "Visita", "text": "Conversamos."})
    today = dt.datetime.now(ZoneInfo("America/Sao_Paulo")).date()
    for days, expected in (
        ({"no_contact_since": f"{today - dt.timedelta(days=1)}"}, [f"Calada {word}"]),
        ({"contact_since": f"{today - dt.timedelta(days=1)}"}, [f"Falada {word}"]),
    ):
        mailing = mailings.create(ana, group, filter={"category_id": group, **days})
        mailings.gathered(ana, mailing["id"])
        assert [one["name"] for one in mailings.recipients(ana, mailing["id"])] == expected
    body = {"kind": "folder", "subject": "Folder", "text": "Olá"}
    empty = {"contact_since": "2026-01-01", "no_contact_since": "2026-01-01"}
    field_refused(ana.request("POST", PATH, json={**body, "filter": empty}), "filter")
    own = ["people.read", "attendance.read", "notifications.read", "notifications.configure"]
    role = ana.post("/v1/roles", {"name": word, "permissions": own, "scopes": {"flow": ["nenhum"]}})
    narrowed = users.as_user(system, users.create(ana, role["id"]))
    by_contact = {**body, "filter": {"no_contact_since": "2026-01-01"}}
    refused(narrowed.request("POST", PATH, json=by_contact), 403, "scope_narrowed")
