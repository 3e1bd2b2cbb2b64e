"""Row S25: the customer's page of a quote over the whole system: many at once, what the conversation is told, and that
the link's secret is in no log."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.support.builders import people, sold
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

HIDDEN = re.compile(r'name="(versao|vez)" value="([^"]*)"')


@pytest.fixture
def quote(ana: Client) -> dict[str, Any]:
    person = ana.register(f"Compradora {people.unique_word()}")
    return sold.quote(ana, sold.opportunity(ana, person["id"])["id"])


def send(url: str, action: str, page: str, **fields: str) -> requests.Response:
    data = {**dict(HIDDEN.findall(page)), "nome": "Maria da Silva", **fields}
    return requests.post(f"{url}/{action}", data=data, timeout=60, allow_redirects=False)


def test_of_many_who_accept_at_once_one_makes_the_order_and_all_are_answered_alike(
    ana: Client, quote: dict[str, Any]
) -> None:
    urls = [ana.post(f"/v1/quotes/{quote['id']}/links", {})["url"] for _ in range(2)]
    pages = [requests.get(url, timeout=30).text for url in urls for _ in range(2)]
    with ThreadPoolExecutor(4) as pool:
        sent = [pool.submit(send, urls[number // 2], "aceitar", page) for number, page in enumerate(pages)]
    codes = sorted(one.result().status_code for one in sent)
    assert set(codes) <= {303, 409}, "who comes by another link finds it accepted"
    assert codes.count(303) >= 2
    accepted = ana.get(f"/v1/quotes/{quote['id']}")
    assert accepted["state"] == "approved"
    orders = ana.get(f"/v1/persons/{quote['person_id']}/orders")["items"]
    assert [order["id"] for order in orders] == [accepted["order_id"]]
    answers = ana.get(f"/v1/quotes/{quote['id']}/answers")["items"]
    assert [answer["kind"] for answer in answers] == ["accepted"]


def test_a_question_becomes_an_entry_of_the_conversation_and_an_answer_ends_in_the_timeline(
    ana: Client, quote: dict[str, Any]
) -> None:
    url = ana.post(f"/v1/quotes/{quote['id']}/links", {})["url"]
    question = f"Entregam na {people.unique_word()}?"
    assert send(url, "perguntar", requests.get(url, timeout=30).text, comentario=question).status_code == 303
    entries = f"/v1/attendances/{quote['attendance_id']}/entries"

    def told() -> Any:
        return next((one for one in ana.get(entries)["items"] if question in one["text"]), None)

    wait_for(told, 30, "the entry of the question")
    assert "Maria da Silva perguntou sobre a proposta" in told()["text"]


def test_the_secret_of_a_link_is_in_no_log(system: System, ana: Client, quote: dict[str, Any]) -> None:
    url = ana.post(f"/v1/quotes/{quote['id']}/links", {})["url"]
    page = requests.get(url, timeout=30).text
    requests.get(f"{url}/pdf", timeout=60)
    send(url, "perguntar", page, comentario="Tem em azul?")
    requests.get(f"{url}x", timeout=30)
    secret = url.rpartition(".")[2]
    assert len(secret) == 43
    written = [path for path in system.folder.rglob("*.log") if path.is_file()]
    assert written
    for path in written:
        assert secret not in path.read_text(errors="replace"), path.name


def test_a_revoked_link_answers_nothing_any_more(ana: Client, bruno: Client, quote: dict[str, Any]) -> None:
    made = ana.post(f"/v1/quotes/{quote['id']}/links", {"days": 1})
    page = requests.get(made["url"], timeout=30).text
    refused(bruno.request("POST", f"/v1/quote-links/{made['id']}/revoke"), 404, "quote_link_not_found")
    ana.post(f"/v1/quote-links/{made['id']}/revoke", None)
    assert send(made["url"], "aceitar", page).status_code == 404
    assert ana.get(f"/v1/quotes/{quote['id']}")["state"] == "in_approval"
    refused(ana.request("POST", f"/v1/quotes/{quote['id']}/links", json={"days": 366}), 422, "input_invalid")
