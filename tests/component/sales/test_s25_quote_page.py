"""Row S25: the customer's page of a quote: looked at, answered, limited, and kept as evidence."""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests

from gateway.customer import quote_page
from gateway.http.rates import Rates
from tests.support.builders import people, sales, sold, users
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

REQUEST = {"reason": "Pedido da titular", "legal_request": "Protocolo 2026/17"}
HIDDEN = re.compile(r'name="(versao|vez)" value="([^"]*)"')


class Page:
    """What a customer's browser does with a link."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get(self, path: str = "", **params: str) -> requests.Response:
        return requests.get(self.url + path, params=params, timeout=30)

    def send(self, action: str, seen: requests.Response | None = None, **fields: str) -> requests.Response:
        """The form as it stands in the page that was `seen`."""
        form = dict(HIDDEN.findall((seen or self.get()).text))
        headers = fields.pop("headers", {"User-Agent": "Navegador de teste"})
        data = {**form, "nome": "Maria da Silva", **fields}
        return requests.post(f"{self.url}/{action}", data=data, headers=headers, timeout=30, allow_redirects=False)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """All tests come from one address."""
    for name in ("ADDRESSES", "LINKS", "COSTLY"):
        monkeypatch.setattr(quote_page, name, Rates(10_000))


@pytest.fixture
def quote(ana: Client) -> dict[str, Any]:
    person = ana.register(f"Compradora {people.unique_word()}")
    return sold.quote(ana, sold.opportunity(ana, person["id"])["id"], notes="Entrega <b>rápida</b> & segura.")


def page_of(client: Client, quote: dict[str, Any], **fields: Any) -> Page:
    return Page(client.post(f"/v1/quotes/{quote['id']}/links", fields)["url"])


def test_the_page_shows_the_current_version_without_scripts_and_tells_nobody_its_address(
    ana: Client, quote: dict[str, Any]
) -> None:
    page = page_of(ana, quote)
    shown = page.get()
    assert shown.status_code == 200
    assert f"Proposta nº {quote['number']}" in shown.text
    assert "R$ 100,00" in shown.text
    assert "Entrega &lt;b&gt;rápida&lt;/b&gt; &amp; segura." in shown.text
    assert "<script" not in shown.text
    assert " on" + "click" not in shown.text
    headers = shown.headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    ana.post(f"/v1/quotes/{quote['id']}/versions", sold.offer("80.00"))
    assert "R$ 80,00" in page.get().text


def test_the_pdf_is_the_current_version_in_the_companys_template(ana: Client, quote: dict[str, Any]) -> None:
    answer = page_of(ana, quote).get("/pdf")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_a_quote_of_a_flow_is_shown_printed_and_accepted_by_its_customer(ana: Client) -> None:
    person = ana.register(f"Compradora {people.unique_word()}")
    own = ana.get("/v1/session")["user"]["id"]
    flow = ana.post("/v1/flows", {"name": f"Propostas {people.unique_word()}", "user_ids": [own]})
    made = sold.opportunity(ana, person["id"])
    ana.put(f"/v1/attendances/{made['attendance_id']}/flow", {"flow_id": flow["id"]})
    quote = sold.quote(ana, made["id"])
    page = page_of(ana, quote)
    assert page.get().status_code == page.get("/pdf").status_code == 200
    assert page.send("perguntar", comentario="Entregam no sábado?").status_code == 303
    assert page.send("aceitar").status_code == 303
    assert ana.get(f"/v1/quotes/{quote['id']}")["state"] == "approved"
    assert [one["comment"] for one in ana.get(f"/v1/quotes/{quote['id']}/answers")["items"]] == [
        "",
        "Entregam no sábado?",
    ]


def test_accepting_makes_the_order_once_and_keeps_the_evidence(ana: Client, quote: dict[str, Any]) -> None:
    page = page_of(ana, quote)
    seen = page.get()
    for _ in range(3):
        done = page.send("aceitar", seen, comentario="Pode entregar.")
        assert (done.status_code, done.headers["Location"].partition("?")[2]) == (303, "feito=aceitar")
    again = page.send("aceitar", None, versao="1")
    assert again.status_code == 303
    assert "Esta proposta foi aceita em" in page.get(feito="aceitar").text
    approved = ana.get(f"/v1/quotes/{quote['id']}")
    assert (approved["state"], approved["versions"][0]["decided_by"]["name"]) == ("approved", "Cliente")
    assert ana.get(f"/v1/orders/{approved['order_id']}")["basket"]["total"] == "100.00"
    [answer] = ana.get(f"/v1/quotes/{quote['id']}/answers")["items"]
    assert (answer["kind"], answer["number"], answer["name"], answer["comment"], answer["user_agent"]) == (
        "accepted", 1, "Maria da Silva", "Pode entregar.", "Navegador de teste",
    )  # fmt: skip
    assert answer["address"] == "127.0.0.1"
    assert answer["document_hash"] in seen.text
    assert answer["at"].endswith(("Z", "+00:00"))


def test_refusing_and_asking_are_told_in_the_conversation(ana: Client, quote: dict[str, Any]) -> None:
    page = page_of(ana, quote)
    assert page.send("perguntar", comentario="Qual é o prazo?").status_code == 303
    assert "Qual é o prazo?" in page.get().text
    assert page.send("recusar", comentario="Ficou caro.").status_code == 303
    assert "Esta proposta foi recusada em" in page.get().text
    entries = f"/v1/attendances/{quote['attendance_id']}/entries"

    def told() -> bool:
        texts = " ".join(entry["text"] for entry in ana.get(entries)["items"])
        return "Qual é o prazo?" in texts and "recusou a proposta" in texts

    wait_for(told, what="the entries of the answers")
    rejected = ana.get(f"/v1/quotes/{quote['id']}")["versions"][0]
    assert (rejected["state"], rejected["reason"]) == ("rejected", "Ficou caro.")


def test_a_replaced_or_expired_version_says_so_and_is_not_accepted(ana: Client, quote: dict[str, Any]) -> None:
    page = page_of(ana, quote)
    old = page.get()
    ana.post(f"/v1/quotes/{quote['id']}/versions", sold.offer("80.00"))
    stale = page.send("aceitar", old, comentario="Quero.")
    assert stale.status_code == 409
    assert "A versão 1 foi substituída pela versão 2." in stale.text
    assert "R$ 80,00" in stale.text
    assert "Quero." in stale.text
    ana.post(f"/v1/quotes/{quote['id']}/versions", sold.offer("70.00", valid_until=sales.today(-1)))
    assert "Esta proposta venceu em" in page.get().text
    assert page.send("aceitar", None, versao="3").status_code == 409
    assert ana.get(f"/v1/quotes/{quote['id']}/answers")["items"] == []


def test_what_is_wrong_in_a_form_is_said_on_the_page(ana: Client, quote: dict[str, Any]) -> None:
    page = page_of(ana, quote)
    for action, fields in (
        ("aceitar", {"nome": ""}),
        ("aceitar", {"nome": "x" * 101}),
        ("perguntar", {"comentario": ""}),
        ("perguntar", {"comentario": "x" * 2001}),
        ("aceitar", {"versao": "zero"}),
    ):
        answer = page.send(action, None, **fields)
        assert answer.status_code == 422, fields
        assert 'role="alert"' in answer.text
        assert answer.headers["Content-Type"].startswith("text/html")
    assert ana.get(f"/v1/quotes/{quote['id']}")["state"] == "in_approval"


def test_a_form_of_another_site_of_another_kind_or_too_large_is_refused(ana: Client, quote: dict[str, Any]) -> None:
    page = page_of(ana, quote)
    other: Any = {"Sec-Fetch-Site": "cross-site"}
    assert page.send("aceitar", None, headers=other).status_code == 403
    assert requests.post(f"{page.url}/aceitar", json={"nome": "x"}, timeout=30).status_code == 415
    assert page.send("aceitar", None, comentario="x" * 20_000).status_code == 413
    assert requests.post(page.url, timeout=30).status_code == 405
    assert ana.get(f"/v1/quotes/{quote['id']}")["state"] == "in_approval"


def test_a_wrong_revoked_or_foreign_link_is_a_page_that_says_so(
    ana: Client, bruno: Client, quote: dict[str, Any]
) -> None:
    page = page_of(ana, quote)
    for url in (page.url[:-1] + ("A" if page.url[-1] != "A" else "B"), page.url.rpartition("/")[0] + "/nada"):
        wrong = Page(url).get()
        assert (wrong.status_code, "Link não encontrado" in wrong.text) == (404, True)
        assert Page(url).send("aceitar", page.get()).status_code == 404
        assert Page(url).get("/pdf").status_code == 404
    [link] = ana.get(f"/v1/quotes/{quote['id']}/links")["items"]
    assert "url" not in link
    assert "digest" not in link
    refused(bruno.request("POST", f"/v1/quote-links/{link['id']}/revoke"), 404, "quote_link_not_found")
    refused(bruno.request("GET", f"/v1/quotes/{quote['id']}/answers"), 404, "quote_not_found")
    refused(bruno.request("POST", f"/v1/quotes/{quote['id']}/links", json={}), 404, "quote_not_found")
    assert ana.post(f"/v1/quote-links/{link['id']}/revoke", None)["state"] == "revoked"
    assert "Link cancelado" in page.get().text


def test_looking_changes_nothing(ana: Client, quote: dict[str, Any]) -> None:
    page = page_of(ana, quote)
    before = ana.get(f"/v1/quotes/{quote['id']}"), ana.get(f"/v1/quotes/{quote['id']}/links")
    for path in ("", "/pdf"):
        page.get(path)
    assert requests.head(page.url, timeout=30).status_code == 200
    assert (ana.get(f"/v1/quotes/{quote['id']}"), ana.get(f"/v1/quotes/{quote['id']}/links")) == before


def test_too_many_requests_are_put_off(ana: Client, quote: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of(ana, quote)
    monkeypatch.setattr(quote_page, "LINKS", Rates(2))
    answers = [page.get() for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert "Aguarde um instante" in answers[-1].text


def test_an_erased_persons_links_open_nothing_and_the_evidence_names_nobody(system: System) -> None:
    client = sales.newcomer(system)
    person = client.register(f"Compradora {people.unique_word()}")
    quote = sold.quote(client, sold.opportunity(client, person["id"])["id"])
    page = page_of(client, quote)
    assert page.send("aceitar", comentario="Sim.").status_code == 303
    client.post(f"/v1/persons/{person['id']}/erasure", REQUEST)
    wait_for(lambda: page.get().status_code == 404, what="the links are gone")
    [answer] = client.get(f"/v1/quotes/{quote['id']}/answers")["items"]
    assert (answer["kind"], answer["number"], answer["comment"], answer["address"], answer["user_agent"]) == (
        "accepted", 1, "", "", "",
    )  # fmt: skip
    assert "Maria" not in answer["name"]


def test_who_only_reads_makes_no_link(ana: Client, system: System, quote: dict[str, Any]) -> None:
    viewer = users.as_user(system, users.create(ana, "viewer"))
    refused(viewer.request("POST", f"/v1/quotes/{quote['id']}/links", json={}), 403, "permission_missing")
    assert viewer.get(f"/v1/quotes/{quote['id']}/answers")["items"] == []
