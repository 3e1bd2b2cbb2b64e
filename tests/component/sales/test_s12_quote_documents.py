"""Row S12: company templates with their variables, previewed in a sandbox; a quote looked at, printed, sent once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.support.builders import documents, people, sold
from tests.support.builders.attendance import user
from tests.support.builders.documents import TEMPLATES, html, preview
from tests.support.pdf import text_of
from tests.support.problems import refused
from tests.support.stack.system import Client, System


@pytest.fixture
def offered(ana: Client) -> dict[str, Any]:
    """A quote in an opportunity of a customer with an address."""
    return documents.offered(ana)


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
    assert (made["default"], made["built_in"], made["version"], made["updated_by"]["name"]) == (False, False, 1, "Ana")
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


@pytest.fixture(scope="module")
def kept(ana: Client) -> str:
    """The path of a template that stays as it is."""
    return f"{TEMPLATES}/{documents.template(ana, '<p>x</p>')['id']}"


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
    ana: Client, kept: str, body: str, code: str, line: int
) -> None:
    problem = refused(preview(ana, body), 422, code)
    assert problem["params"]["line"] == line
    assert "body" in problem["fields"]
    asked = {"kind": "quote", "name": people.unique_word(), "subject": "x", "body": body}
    assert refused(ana.request("POST", TEMPLATES, json=asked), 422, code)["detail"] == problem["detail"]
    refused(ana.request("PATCH", kept, json={"body": body}), 422, code)
    assert ana.get(kept)["body"] == "<p>x</p>"


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
