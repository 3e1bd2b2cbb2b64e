"""Row S11: quotes with versions; only the current one can be approved, and approving makes one order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from tests.support.builders import people, sold
from tests.support.builders.sold import approve
from tests.support.problems import refused
from tests.support.stack.insisting import insisted
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


@pytest.fixture
def opportunity(ana: Client) -> dict[str, Any]:
    person = ana.register(f"Compradora {people.unique_word()}")
    return sold.opportunity(ana, person["id"])


def test_a_change_makes_a_new_version_and_voids_the_earlier(ana: Client, opportunity: dict[str, Any]) -> None:
    quote = sold.quote(ana, opportunity["id"])
    same = ana.post(f"/v1/quotes/{quote['id']}/versions", sold.offer())
    assert len(same["versions"]) == 1
    changed = ana.post(f"/v1/quotes/{quote['id']}/versions", sold.offer("90.00"))
    assert [version["state"] for version in changed["versions"]] == ["void", "in_approval"]
    refused(approve(ana, quote, 1), 409, "quote_version_void")
    assert approve(ana, quote, 2).json()["state"] == "approved"
    refused(ana.request("POST", f"/v1/quotes/{quote['id']}/versions", json=sold.offer("80.00")), 409, "quote_ordered")


def test_approving_makes_the_order_and_receivables_that_add_up_to_it(ana: Client, opportunity: dict[str, Any]) -> None:
    terms = {"count": 3, "first_due_on": "2027-01-31"}
    quote = sold.quote(ana, opportunity["id"], "100.00", terms=terms)
    approved = approve(ana, quote).json()
    order = ana.get(f"/v1/orders/{approved['order_id']}")
    assert (order["quote_id"], order["state"], order["basket"]["total"]) == (quote["id"], "approved", "100.00")
    titles = ana.get(f"/v1/persons/{opportunity['person']['id']}/receivables")["items"]
    assert [(title["due_on"], title["amount"]) for title in titles] == [
        ("2027-01-31", "33.34"), ("2027-02-28", "33.33"), ("2027-03-31", "33.33"),
    ]  # fmt: skip
    assert sum(Decimal(title["amount"]) for title in titles) == Decimal(order["basket"]["total"])
    assert [sale["id"] for sale in ana.get(f"/v1/persons/{opportunity['person']['id']}/orders")["items"]] == [
        order["id"]
    ]


def test_approvals_at_once_make_one_order(ana: Client, opportunity: dict[str, Any]) -> None:
    path = f"/v1/quotes/{sold.quote(ana, opportunity['id'])['id']}/versions/1/approve"
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda _: insisted(ana, path).status_code, range(16)))
    assert answers.count(200) == 1
    assert set(answers) <= {200, 409}
    assert len(ana.get(f"/v1/persons/{opportunity['person']['id']}/orders")["items"]) == 1
    assert len(ana.get(f"/v1/persons/{opportunity['person']['id']}/receivables")["items"]) == 1


def test_what_happened_to_a_quote_is_announced(system: System, ana: Client, opportunity: dict[str, Any]) -> None:
    sold.quote(ana, opportunity["id"])
    wait_for(lambda: not system.mongo("sales")["outbox"].find_one(), what="the events to be published")


def test_all_quotes_of_the_company_are_listed_by_any_of_the_states_together(
    ana: Client, opportunity: dict[str, Any]
) -> None:
    approved, waiting = sold.quote(ana, opportunity["id"]), sold.quote(ana, opportunity["id"])
    ana.post(f"/v1/quotes/{approved['id']}/versions", sold.offer("90.00"))
    approve(ana, approved, 2)

    def first(count: int, **asked: Any) -> list[str]:
        return [quote["id"] for quote in ana.get("/v1/quotes", params={"limit": count, **asked})["items"]]

    assert first(2) == first(2, state=["approved", "in_approval"]) == [waiting["id"], approved["id"]]
    assert first(1, state="approved") == [approved["id"]]
    assert first(1, state="in_approval") == [waiting["id"]]
    refused(ana.request("GET", "/v1/quotes", params={"state": "void"}), 422, "input_invalid")
