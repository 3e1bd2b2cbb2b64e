"""Row S12: company templates with their variables, previewed in a sandbox; a quote looked at, printed, sent once."""

from __future__ import annotations

import concurrent.futures
import datetime as dt
import uuid
from typing import Any

import pytest

from tests.support.builders import documents, people, sold
from tests.support.builders.attendance import user
from tests.support.builders.documents import TEMPLATES
from tests.support.pdf import text_of
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

ENDLESS = "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}"
CUT_OFF = ((422, "template_too_heavy"), (503, "papers_busy"))


@pytest.fixture
def offered(ana: Client) -> dict[str, Any]:
    """A quote in an opportunity of a customer with an address."""
    person = documents.customer(ana)
    opportunity = sold.opportunity(ana, person["id"])
    items = [sold.item("1000.00"), sold.item("120.00", quantity="2.5", discount={"percent": "10"})]
    offer = {"items": items, "discount": {"amount": "70.00"}, "terms": {"count": 2}, "notes": "Entrega <já>"}
    quote = ana.post(f"/v1/opportunities/{opportunity['id']}/quotes", offer)
    return {**quote, "path": f"/v1/quotes/{quote['id']}", "person": person, "opportunity": opportunity}


def html(client: Client, path: str, **params: Any) -> str:
    answer = client.request("GET", path, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return documents.plain(answer.text)


def preview(client: Client, body: str, **fields: Any) -> Any:
    asked = {"kind": "quote", "subject": "x", "body": body, **fields}
    return client.request("POST", f"{TEMPLATES}/preview", json=asked, timeout=60)


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


def test_a_page_reaches_nothing_of_ours(ana: Client, offered: dict[str, Any]) -> None:
    headers = ana.request("GET", f"{offered['path']}/document").headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none';")
    assert "script" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_variables_are_listed_and_every_one_of_them_works(ana: Client, offered: dict[str, Any]) -> None:
    listed = ana.get("/v1/document-variables", params={"kind": "quote"})["items"]
    assert {"cliente.nome", "proposta.total", "itens[].descricao", "parcelas[].valor"} <= {
        one["name"] for one in listed
    }
    assert all(one["description"] for one in listed)
    every = "\n".join(one["usage"] for one in listed)
    sample = documents.plain(preview(ana, every).text)
    assert [one["name"] for one in listed if one["example"].replace("&", "&amp;") not in sample] == []
    real = preview(ana, every, quote_id=offered["id"])
    assert "R$ 1.200,00" in real.text
    refused(ana.request("GET", "/v1/document-variables", params={"kind": "letter"}), 422, "input_invalid")


def test_a_template_is_kept_chosen_changed_and_deleted(ana: Client, offered: dict[str, Any]) -> None:
    made = documents.template(ana, "<p>Número {{ proposta.numero }}, de {{ empresa.nome }}</p>")
    path = f"{TEMPLATES}/{made['id']}"
    assert (made["default"], made["built_in"], made["version"], made["updated_by"]) == (False, False, 1, "Ana")
    named = html(ana, f"{offered['path']}/document", template_id=made["id"])
    assert f"Número {offered['number']}, de Padaria Modelo" in named
    assert ana.put(f"{path}/default")["default"]
    assert "Número" in html(ana, f"{offered['path']}/document")
    changed = ana.patch(path, {"body": "<p>Outro texto</p>"}, headers={"If-Match": '"1"'})
    assert (changed["version"], changed["name"]) == (2, made["name"])
    assert "Outro texto" in html(ana, f"{offered['path']}/document")
    refused(ana.request("PATCH", path, json={"name": "X"}, headers={"If-Match": '"1"'}), 412, "version_changed")
    shown = {one["id"]: one["default"] for one in ana.get(TEMPLATES, params={"kind": "quote"})["items"]}
    assert (shown[made["id"]], shown["builtin-quote"]) == (True, False)
    ana.delete(path)
    refused(ana.request("GET", path), 404, "template_not_found")
    assert f"Proposta nº {offered['number']}" in html(ana, f"{offered['path']}/document")


def test_of_two_who_take_a_name_at_once_one_is_refused(ana: Client) -> None:
    body = {"kind": "quote", "name": f"Modelo {people.unique_word()}", "subject": "x", "body": "x"}
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        codes = [pool.submit(ana.request, "POST", TEMPLATES, json=body, timeout=60) for _ in range(4)]
    assert sorted(one.result().status_code for one in codes) == [201, 409, 409, 409]


def test_what_may_not_be_done_with_templates(system: System, ana: Client, offered: dict[str, Any]) -> None:
    made = documents.template(ana, "<p>x</p>")
    same = {"kind": "quote", "name": made["name"].upper(), "subject": "x", "body": "x"}
    refused(ana.request("POST", TEMPLATES, json=same), 409, "template_exists")
    refused(ana.request("POST", TEMPLATES, json={**same, "name": "B", "body": "x" * 100_001}), 422, "input_invalid")
    built_in = f"{TEMPLATES}/builtin-quote"
    refused(ana.request("PATCH", built_in, json={"name": "Y"}), 409, "template_built_in")
    refused(ana.request("DELETE", built_in), 409, "template_built_in")
    refused(ana.request("PUT", f"{TEMPLATES}/nenhum/default"), 404, "template_not_found")
    sheet = documents.template(ana, "x", kind="visit_sheet", subject="x")
    wrong = {"template_id": sheet["id"]}
    refused(ana.request("GET", f"{offered['path']}/document", params=wrong), 422, "template_kind_wrong")
    seller = user(system, "seller")
    assert html(seller, f"{offered['path']}/document")
    refused(seller.request("POST", TEMPLATES, json={**same, "name": "C"}), 403, "permission_missing")
    refused(seller.request("PATCH", f"{TEMPLATES}/{made['id']}", json={"name": "D"}), 403, "permission_missing")
    refused(preview(seller, "x"), 403, "permission_missing")


@pytest.mark.parametrize(
    ("body", "code", "line"),
    [
        ("<p>\n{{ proposta.nmero }}", "template_variable_unknown", 2),
        ("{% if false %}{{ fornecedor.nome }}{% endif %}", "template_variable_unknown", 1),
        ("{% for item in itens %}\n\n{{ item.cor }}{% endfor %}", "template_variable_unknown", 3),
        ("{% for item in itens %}", "template_syntax_invalid", 1),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "template_forbidden", 1),
        ("{{ cliente.nome|attr('upper') }}", "template_forbidden", 1),
        ("{{ cliente.nome|safe }}", "template_forbidden", 1),
        ("{% include 'x' %}", "template_forbidden", 1),
        ("{{ range(10**9)|length }}", "template_too_heavy", 1),
        ("{{ 'x' * 10**9 }}", "template_too_heavy", 1),
    ],
)
def test_a_template_that_may_not_be_is_refused_where_it_is_kept_and_previewed(
    ana: Client, body: str, code: str, line: int
) -> None:
    problem = refused(preview(ana, body), 422, code)
    assert problem["params"]["line"] == line
    assert "body" in problem["fields"]
    asked = {"kind": "quote", "name": people.unique_word(), "subject": "x", "body": body}
    assert refused(ana.request("POST", TEMPLATES, json=asked), 422, code)["detail"] == problem["detail"]
    made = documents.template(ana, "<p>x</p>")
    refused(ana.request("PATCH", f"{TEMPLATES}/{made['id']}", json={"body": body}), 422, code)
    assert ana.get(f"{TEMPLATES}/{made['id']}")["body"] == "<p>x</p>"


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


def test_neither_the_network_nor_the_disk_is_read(ana: Client) -> None:
    body = (
        '<img src="file:///etc/passwd"><img src="http://127.0.0.1:9/x.png"><link rel="stylesheet" href="file:///x">'
        "<style>@import url(file:///etc/passwd); p { background: url(http://127.0.0.1:9/y.png) }</style><p>Fim</p>"
        "<script>alert(1)</script><p onclick='alert(1)'>Clique</p><iframe src='/v1/company'></iframe>"
        "<a href='javascript:alert(1)'>a</a><form action='/v1/session'><input></form>"
    )
    shown = preview(ana, body).text
    for gone in ("<script", "onclick", "<iframe", "javascript:", "<form", "<input", "<link", 'src="'):
        assert gone not in shown, gone
    pdf = preview(ana, body, format="pdf")
    assert pdf.status_code == 200, pdf.text
    assert "Fim" in text_of(pdf.content)
    assert b"root:" not in pdf.content


def test_a_replaced_version_is_looked_at_with_a_mark(ana: Client, offered: dict[str, Any]) -> None:
    ana.post(f"{offered['path']}/versions", sold.offer("900.00"))
    old = html(ana, f"{offered['path']}/document", number=1, template_id="builtin-quote")
    assert "SEM VALIDADE" in old
    assert "R$ 1.200,00" in old
    current = html(ana, f"{offered['path']}/document", template_id="builtin-quote")
    assert "SEM VALIDADE" not in current
    assert "R$ 900,00" in current
    answer = ana.request("GET", f"{offered['path']}/document", params={"number": 1, "format": "pdf"})
    assert "SEM VALIDADE" in text_of(answer.content)
    refused(ana.request("GET", f"{offered['path']}/document", params={"number": 9}), 404, "quote_version_not_found")


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
    assert (sent[0]["recipients"], sent[0]["number"], sent[0]["author_name"]) == ([address], 1, "Ana")
    [delivery] = documents.deliveries(ana, offered["person"]["id"])
    [mail] = documents.mails(system, address)
    assert mail["Message-ID"] == delivery["message_id"]
    assert mail["Subject"] == sent[0]["subject"] == f"Proposta nº {offered['number']} — Padaria Modelo"
    plain, page, pdf = documents.parts(mail)
    assert "Segue em anexo" in plain
    assert "R$ 1.200,00" in page
    assert "R$ 1.200,00" in text_of(pdf)
    shown = ana.get(offered["path"])["last_sent"]
    assert (shown["number"], shown["recipients"], shown["by"]) == (1, [address], "Ana")
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


def test_what_may_not_be_sent(system: System, ana: Client, offered: dict[str, Any]) -> None:
    def send(number: int, who: Client = ana, **body: Any) -> Any:
        return who.request("POST", f"{offered['path']}/versions/{number}/send", json=body)

    ana.post(f"{offered['path']}/versions", sold.offer("900.00"))
    refused(send(1), 409, "quote_version_void")
    refused(send(7), 404, "quote_version_not_found")
    refused(send(1, to=["nada"]), 422, "input_invalid")
    ana.post(f"{offered['path']}/versions/2/reject", {"reason": "Caro"})
    refused(send(2), 409, "quote_rejected")
    yesterday = (dt.datetime.now(dt.UTC).date() - dt.timedelta(days=2)).isoformat()
    ana.post(f"{offered['path']}/versions", sold.offer("800.00", valid_until=yesterday))
    refused(send(3), 409, "quote_expired")
    ana.post(f"{offered['path']}/versions", sold.offer("800.00"))
    viewer = user(system, "viewer")
    refused(send(4, viewer), 403, "permission_missing")
    role = ana.post("/v1/roles", {"name": people.unique_word(), "permissions": ["sales.read", "sales.write",
                                                                                 "people.read"]})["id"]  # fmt: skip
    clerk = user(system, role)
    refused(send(4, clerk), 403, "mail_account_missing")
    silent = sold.opportunity(ana, ana.register("Sem e-mail")["id"])
    mute = sold.quote(ana, silent["id"])
    refused(ana.request("POST", f"/v1/quotes/{mute['id']}/versions/1/send", json={}), 409, "person_email_missing")
    assert ana.get(f"{offered['path']}/sendings")["items"] == []


def test_an_approved_quote_may_still_be_sent(ana: Client, offered: dict[str, Any]) -> None:
    ana.post(f"{offered['path']}/versions/1/approve", None)
    assert ana.post(f"{offered['path']}/versions/1/send", {})["number"] == 1


def test_who_declined_emails_gets_none(ana: Client, offered: dict[str, Any]) -> None:
    consent = {"purpose": "service", "channel": "email", "given": True, "source": "formulário"}
    path = f"/v1/persons/{offered['person']['id']}/consents"
    ana.post(path, consent)
    ana.post(path, {**consent, "given": False})
    refused(ana.request("POST", f"{offered['path']}/versions/1/send", json={}), 409, "email_declined")
    own = ana.post(f"{offered['path']}/versions/1/send", {"to": ["ana@padaria.example"]})
    assert own["recipients"] == ["ana@padaria.example"]


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
    assert {one.result().status_code for one in sends} <= {201, 409, 503}
    sendings = ana.get(f"{offered['path']}/sendings")["items"]
    second = ana.get(offered["path"])["versions"][1]["made_at"]
    assert all(dt.datetime.fromisoformat(one["sent_at"]) <= dt.datetime.fromisoformat(second) for one in sendings)
