"""Row S21: the timeline of an opportunity: actions, e-mails, notes; what does not answer is named."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.views.sales_view import SECTIONS
from tests.support.builders import sold, users
from tests.support.builders.attendance import unique_key
from tests.support.builders.opportunities import talked_over
from tests.support.builders.sales import ids, opportunity, today
from tests.support.problems import refused
from tests.support.stack.system import Client, System


@pytest.fixture(scope="module")
def told(ana: Client) -> dict[str, Any]:
    """An opportunity with three actions and three entries, in turns, only looked at."""
    return talked_over(ana)


def test_quotes_sales_and_purchases_stand_in_it(ana: Client) -> None:
    told = talked_over(ana)
    quote = sold.quote(ana, told["id"])
    body = {**sold.offer(), "opportunity_id": told["id"]}
    bought = ana.post(f"/v1/persons/{told['person']['id']}/orders", {**body, "kind": "purchase"})
    order = ana.post(f"/v1/persons/{told['person']['id']}/orders", body)
    found = ana.get(told["path"], params={"limit": 1})
    rest = ana.get(told["path"], params={"cursor": found["next_cursor"]})
    items = found["items"] + rest["items"]
    assert [item["id"] for item in items] == [order["id"], bought["id"], quote["id"], *told["records"]]
    assert [(item["type"], item["kind"]) for item in items[:3]] == [
        ("order", "sale"), ("order", "purchase"), ("quote", "quote"),
    ]  # fmt: skip
    assert items[2]["record"]["versions"][0]["basket"]["total"] == quote["versions"][0]["basket"]["total"]


def test_the_customers_sales_finance_and_services_are_beside_it_in_one_call(
    system: System, ana: Client, bruno: Client
) -> None:
    told = talked_over(ana)
    person = told["person"]["id"]
    items = [sold.item("90.00"), sold.item("60.00", kind="service")]
    order = ana.post(f"/v1/persons/{person}/orders", {"items": items, "terms": {"count": 2}})
    quotes = [sold.quote(ana, told["id"])["id"] for _ in range(2)]
    issued = {"number": "7", "issued_on": today(), "amount": "60.00"}
    invoice = ana.put(f"/v1/persons/{person}/service-invoices/{unique_key()}", issued)
    path = f"/v1/persons/{person}/sales-view"
    tabs = ana.get(path)
    assert (tabs["unavailable"], tabs["withheld"]) == ([], [])
    assert {name: tabs[name]["count"] for name in SECTIONS} == {
        "orders": 1, "quotes": 2, "nfe": 0, "receivables": 2, "service_orders": 1, "service_invoices": 1,
    }  # fmt: skip
    shown = [tabs[name]["items"][0]["id"] for name in ("orders", "quotes", "service_invoices")]
    assert shown == [order["id"], quotes[1], invoice["id"]]
    assert tabs["service_orders"]["items"][0]["source_id"] == order["id"]
    narrow = users.narrowed(system, ana, section=["receivables"]).get(path)
    assert narrow["receivables"] == tabs["receivables"]
    assert set(narrow["withheld"]) == SECTIONS.keys() - {"receivables"}
    refused(bruno.request("GET", path), 404, "person_not_found")
    assert ana.request("GET", f"/v1/persons/{'0' * 65}/sales-view").status_code == 422


@pytest.mark.parametrize("limit", [1, 2, 4, 5])
def test_pages_are_complete(ana: Client, told: dict[str, Any], limit: int) -> None:
    found: list[str] = []
    params: dict[str, Any] = {"limit": limit}
    while True:
        page = ana.get(told["path"], params=params)
        assert len(page["items"]) <= limit
        found += ids(page)
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert found == told["records"]


def test_a_conversation_not_yet_open_is_no_error(ana: Client) -> None:
    made = opportunity(ana)
    assert ana.get(f"/v1/opportunities/{made['id']}/timeline")["items"] == []


def test_unknown_ones_and_wrong_cursors_are_refused(ana: Client, bruno: Client, told: dict[str, Any]) -> None:
    refused(ana.request("GET", "/v1/opportunities/nothing/timeline"), 404, "opportunity_not_found")
    refused(bruno.request("GET", told["path"]), 404, "opportunity_not_found")
    refused(ana.request("GET", told["path"], params={"cursor": "x"}), 422, "cursor_invalid")
