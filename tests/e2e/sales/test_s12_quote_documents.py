"""Row S12: company templates with their variables, previewed in a sandbox; a quote looked at, printed, sent once."""

from __future__ import annotations

import concurrent.futures
import datetime as dt
import uuid
from typing import Any

import pytest

from tests.support.builders import documents, people, sold
from tests.support.builders.documents import TEMPLATES, html, preview
from tests.support.pdf import text_of
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

ENDLESS = "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}"
CUT_OFF = ((422, "template_too_heavy"), (503, "papers_busy"))


@pytest.fixture
def offered(ana: Client) -> dict[str, Any]:
    """A quote in an opportunity of a customer with an address."""
    return documents.offered(ana)


def test_a_quote_is_a_document_before_any_template_was_made(ana: Client, offered: dict[str, Any]) -> None:
    shown = html(ana, f"{offered['path']}/document", template_id="builtin-quote")
    for expected in (
        f"Proposta nº {offered['number']}", "Cliente &lt;b&gt;", "R$ 1.000,00", "2,5", "10%", "R$ 1.200,00",
        "R$ 600,00", "Entrega &lt;já&gt;", offered["person"]["address"], "Padaria Modelo",
    ):  # fmt: skip
        assert expected in shown, expected
    assert "SEM VALIDADE" not in shown
    answer = ana.request("GET", f"{offered['path']}/document", params={"format": "pdf", "template_id": "builtin-quote"})
    assert answer.headers["Content-Type"] == "application/pdf"
    assert f"proposta-{offered['number']}.pdf" in answer.headers["Content-Disposition"]
    read = text_of(answer.content)
    for expected in (f"Proposta nº {offered['number']}", "R$ 1.200,00", "Entrega <já>", "& Filhos"):
        assert expected in read, expected


def test_of_two_who_take_a_name_at_once_one_is_refused(ana: Client) -> None:
    body = {"kind": "quote", "name": f"Modelo {people.unique_word()}", "subject": "x", "body": "x"}
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        codes = [pool.submit(ana.request, "POST", TEMPLATES, json=body, timeout=60) for _ in range(4)]
    assert sorted(one.result().status_code for one in codes) == [201, 409, 409, 409]


def test_an_endless_template_is_cut_off_and_nobody_else_waits_for_it(ana: Client, offered: dict[str, Any]) -> None:
    with concurrent.futures.ThreadPoolExecutor() as pool:
        endless = [pool.submit(preview, ana, ENDLESS) for _ in range(2)]
        served = 0
        while not all(one.done() for one in endless):
            assert ana.get(offered["path"])["id"] == offered["id"]
            served += 1
    assert served > 10, "others were served meanwhile"
    for one in endless:  # the second on a machine too busy to give it the seconds it may compute
        assert (one.result().status_code, one.result().json()["code"]) in CUT_OFF


def test_another_company_gets_its_paper_while_one_runs_endless_templates(
    ana: Client, bruno: Client, offered: dict[str, Any]
) -> None:
    with concurrent.futures.ThreadPoolExecutor() as pool:
        endless = [pool.submit(preview, ana, ENDLESS) for _ in range(7)]
        answers = [preview(bruno, "<p>{{ empresa.nome }}</p>") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200] * 3
    assert {(one.result().status_code, one.result().json()["code"]) for one in endless} <= set(CUT_OFF)
    assert (503, "papers_busy") in [(one.result().status_code, one.result().json()["code"]) for one in endless]


def test_a_quote_is_sent_once_with_its_paper_and_told_everywhere(
    system: System, ana: Client, offered: dict[str, Any]
) -> None:
    key, body = {"Idempotency-Key": uuid.uuid4().hex}, {"template_id": "builtin-quote"}
    sent = [ana.post(f"{offered['path']}/versions/1/send", body, headers=key)]
    ana.patch(f"/v1/persons/{offered['person']['id']}", {"name": "Outro nome"})
    sent.append(ana.post(f"{offered['path']}/versions/1/send", body, headers=key))
    ana.post(f"{offered['path']}/versions", sold.offer("5.00"))
    sent.append(ana.post(f"{offered['path']}/versions/1/send", body, headers=key))
    assert sent[0] == sent[1] == sent[2], "asked again, it is answered, though the paper would say something else"
    address = offered["person"]["address"]
    assert (sent[0]["recipients"], sent[0]["number"], sent[0]["sent_by"]["name"]) == ([address], 1, "Ana")
    [delivery] = documents.deliveries(ana, offered["person"]["id"])
    [mail] = documents.mails(system, address)
    assert mail["Message-ID"] == delivery["message_id"]
    assert mail["Subject"] == sent[0]["subject"] == f"Proposta nº {offered['number']} — Padaria Modelo"
    plain, page, pdf = documents.parts(mail)
    assert "Segue em anexo" in plain
    assert "R$ 1.200,00" in page
    assert "R$ 1.200,00" in text_of(pdf)
    shown = ana.get(offered["path"])["last_sent"]
    assert (shown["number"], shown["recipients"], shown["by"]["name"]) == (1, [address], "Ana")
    assert [one["id"] for one in ana.get(f"{offered['path']}/sendings")["items"]] == [sent[0]["id"]]
    timeline = ana.get(f"/v1/opportunities/{offered['opportunity']['id']}/timeline")["items"]
    [told] = [item for item in timeline if item["type"] == "sending"]
    assert (told["kind"], told["id"]) == ("email", sent[0]["id"])
    assert address in told["text"]
    other = {**body, "to": ["ana@padaria.example"]}
    answer = ana.request("POST", f"{offered['path']}/versions/1/send", json=other, headers=key)
    refused(answer, 409, "idempotency_key_reused")


def test_the_largest_quote_arrives_whole(system: System, ana: Client) -> None:
    person = documents.customer(ana)
    opportunity = sold.opportunity(ana, person["id"])
    items = [sold.item("1.00", description=f"{number} " + "<ção> " * 48) for number in range(200)]
    quote = ana.post(f"/v1/opportunities/{opportunity['id']}/quotes", {"items": items, "terms": {"count": 120}})
    body = {"template_id": "builtin-quote"}
    ana.post(f"/v1/quotes/{quote['id']}/versions/1/send", body, timeout=60)
    documents.deliveries(ana, person["id"])
    [mail] = documents.mails(system, person["address"])
    _, page, pdf = documents.parts(mail)
    assert page.count("&lt;ção&gt;") == 200 * 48
    assert text_of(pdf).count("199 <ção>") == 1


def test_it_goes_to_known_addresses_only(system: System, ana: Client, offered: dict[str, Any]) -> None:
    contact = f"{people.unique_word().lower()}@cliente.example"
    ana.post(f"/v1/persons/{offered['person']['id']}/contacts", {"name": "Rita", "email": contact})
    to = [contact.upper().replace("CLIENTE.EXAMPLE", "cliente.example"), "ana@padaria.example"]
    sent = ana.post(f"{offered['path']}/versions/1/send", {"to": to})
    assert sent["recipients"] == [contact, "ana@padaria.example"]
    documents.deliveries(ana, offered["person"]["id"], 2)
    assert len(documents.mails(system, contact)) == 1
    stranger = {"to": ["estranho@outro.example"]}
    refused(ana.request("POST", f"{offered['path']}/versions/1/send", json=stranger), 422, "recipient_unknown")


def test_an_erased_person_leaves_no_paper_behind(system: System, ana: Client, offered: dict[str, Any]) -> None:
    ana.post(f"{offered['path']}/versions/1/send", {})
    documents.deliveries(ana, offered["person"]["id"])
    person, enclosures = offered["person"]["id"], system.mongo("notifications")["enclosures"]
    assert enclosures.find_one({"person_id": person}) is not None
    ana.post(f"/v1/persons/{person}/erasure", {"reason": "Pedido", "legal_request": "Protocolo 1"})
    wait_for(lambda: ana.get(f"/v1/persons/{person}/erasure")["state"] == "done", 60, "the erasure")
    assert enclosures.find_one({"person_id": person}) is None
    sending = system.mongo("sales")["sendings"].find_one({"person_id": person})
    assert (sending["recipients"], sending["subject"]) == ([], "[eliminado]")
    assert ana.get(offered["path"])["last_sent"] is None
    refused(ana.request("POST", f"{offered['path']}/versions/1/send", json={"to": ["ana@padaria.example"]}), 409,
            "person_erased")  # fmt: skip


def test_sends_and_a_revision_at_once_send_no_replaced_version(ana: Client, offered: dict[str, Any]) -> None:
    """Sending and revising meet in sales' transaction: what was sent was the current version then."""
    made = documents.template(ana, "<p>{{ proposta.versao }}</p>")
    body = {"template_id": made["id"], "to": ["ana@padaria.example"]}
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        sends = [pool.submit(ana.request, "POST", f"{offered['path']}/versions/1/send", json=body) for _ in range(4)]
        pool.submit(ana.post, f"{offered['path']}/versions", sold.offer("1.00")).result()
    assert {one.result().status_code for one in sends} <= {202, 409, 503}
    sendings = ana.get(f"{offered['path']}/sendings")["items"]
    second = ana.get(offered["path"])["versions"][1]["made_at"]
    assert all(dt.datetime.fromisoformat(one["sent_at"]) <= dt.datetime.fromisoformat(second) for one in sendings)
