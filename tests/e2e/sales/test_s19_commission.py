"""Row S19: the commission account of the own person: by entry or item; open, pending, closed; closings with details."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from tests.support.builders import commission, sales
from tests.support.builders.commission import ACCOUNT, Seller, sell, settle, titles
from tests.support.problems import refused
from tests.support.stack.system import Client, System


@pytest.fixture
def seller(system: System, ana: Client) -> Seller:
    """Who earns five per cent."""
    return Seller(system, ana, "5.00")


def test_an_order_earns_its_seller_what_waits_for_each_receivable(ana: Client, seller: Seller) -> None:
    order = sell(seller.client, "100.00", terms={"count": 3})
    assert order["seller"]["id"] == seller.person
    pending = seller.entries("pending")
    assert sorted(Decimal(one["amount"]) for one in pending) == [Decimal("1.66"), Decimal("1.67"), Decimal("1.67")]
    assert {(one["order_id"], one["order_number"], one["kind"]) for one in pending} == {
        (order["id"], order["number"], "earning")
    }  # fmt: skip
    assert seller.entries() == []
    first = titles(seller.client, order)[0]
    settle(seller.client, first)
    [earned] = seller.entries()
    assert (earned["receivable_id"], earned["instalment"], earned["amount"]) == (first["id"], 1, "1.67")
    assert earned["earned_at"]
    assert len(seller.entries("pending")) == 2
    detail = seller.client.get(f"{ACCOUNT}/entries/{earned['id']}")
    assert detail == earned
    assert detail["parts"][0]["percent"] == "5.00"
    for title in titles(seller.client, order):
        settle(seller.client, title)
    assert seller.total() == Decimal("5.00")


def test_a_closing_takes_what_is_payable_and_shows_it(ana: Client, seller: Seller) -> None:
    order = sell(seller.client, "300.00", terms={"count": 2})
    first, second = titles(seller.client, order)
    settle(seller.client, first)
    made = commission.close(ana, seller.person)
    assert (made["total"], made["entries"], made["closed_by"]["name"], made["currency"]) == ("7.50", 1, "Ana", "BRL")
    assert made["starts_on"] == made["ends_on"] == sales.today()
    assert seller.entries() == []
    [closed] = seller.entries("closed")
    assert (closed["closing_id"], closed["receivable_id"]) == (made["id"], first["id"])
    assert [one["id"] for one in commission.listed(seller.client, "closings")] == [made["id"]]
    assert seller.client.get(f"{ACCOUNT}/closings/{made['id']}") == made
    assert seller.client.get(f"{ACCOUNT}/closings/{made['id']}/entries")["items"] == [closed]
    settle(seller.client, second)
    again = commission.close(ana, seller.person)
    assert (again["total"], again["number"]) == ("7.50", made["number"] + 1)
    assert [one["id"] for one in commission.listed(seller.client, "closings")] == [again["id"], made["id"]]
    own = seller.client.get(f"{ACCOUNT}/balance")
    assert own["amounts"] == [
        {"currency": "BRL", "pending": "0.00", "payable": "0.00", "paid": "15.00", "earned": "15.00"}
    ]
    assert own in [one for one in ana.every(f"{ACCOUNT}/balances") if one["person"]["id"] == seller.person]
    refused(seller.client.request("GET", f"{ACCOUNT}/balances"), 403, "commission_of_another")


def test_ten_who_close_at_once_make_one_closing(ana: Client, seller: Seller) -> None:
    for _ in range(3):
        settle(seller.client, titles(seller.client, sell(seller.client))[0])
    body = {"person_id": seller.person}
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda _: ana.request("POST", f"{ACCOUNT}/closings", json=body), range(10)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9
    [made] = commission.listed(seller.client, "closings")
    assert (made["total"], made["entries"], len(seller.entries("closed"))) == ("15.00", 3, 3)
