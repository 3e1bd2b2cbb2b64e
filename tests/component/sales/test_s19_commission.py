"""Row S19: the commission account of the own person: by entry or item; open, pending, closed; closings with details."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.support.builders import commission, people, rights, sales, sold, users
from tests.support.builders.closing import win
from tests.support.builders.commission import ACCOUNT, Seller, sell, settle, titles
from tests.support.problems import field_refused, refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


@pytest.fixture
def seller(system: System, ana: Client) -> Seller:
    """Who earns five per cent."""
    return Seller(system, ana, "5.00")


@pytest.fixture
def on_order(ana: Client) -> Any:
    """The company pays commissions at once, for one test."""
    ana.patch("/v1/settings/sales", {"commission_on": "order"})
    yield
    ana.patch("/v1/settings/sales", {"commission_on": "receipt"})


def unsettle(admin: Client, title: dict[str, Any]) -> None:
    path = f"/v1/receivables/{title['id']}"
    payment = admin.get(path)["payments"][-1]["id"]
    admin.post(f"{path}/payments/{payment}/reverse", {"reason": "Engano."})


def test_a_products_rate_beats_the_sellers_own(ana: Client, seller: Seller) -> None:
    rich, free = people.unique_word(), people.unique_word()
    commission.rate(ana, "12.5", code=rich)
    commission.rate(ana, "0", code=free)
    items = [sold.item("200.00", code=rich), sold.item("100.00"), sold.item("50.00", code=free)]
    sell(seller.client, items=items, discount={"percent": "10"})
    [entry] = seller.entries("pending")
    assert [(part["base"], part["percent"], part["amount"]) for part in entry["parts"]] == [
        ("180.00", "12.5", "22.50"), ("90.00", "5.00", "4.50"),
    ]  # fmt: skip
    assert entry["amount"] == "27.00"


def test_by_item_the_same_is_listed_item_by_item_in_pages(seller: Seller) -> None:
    for _ in range(2):
        items = [sold.item(price, code=f"P{price}") for price in ("100.00", "60.00", "40.00")]
        sell(seller.client, items=items, terms={"count": 2})
    entries = seller.entries("pending")
    wanted = [(entry["id"], part["code"], part["amount"]) for entry in entries for part in entry["parts"]]
    assert len(wanted) == 12
    for limit in (1, 2, 5, 12, 100):
        rows = commission.listed(seller.client, "items", state="pending", limit=limit)
        assert [(row["entry_id"], row["code"], row["amount"]) for row in rows] == wanted
    first = rows[0]
    assert (first["base"], first["state"], first["order_id"]) == ("50.00", "pending", entries[0]["order_id"])


def test_nothing_payable_is_not_closed_nor_is_a_day_to_come(ana: Client, seller: Seller) -> None:
    sell(seller.client)
    body = {"person_id": seller.person}
    path = f"{ACCOUNT}/closings"
    refused(ana.request("POST", path, json=body), 409, "commission_nothing_open")
    later = ana.request("POST", path, json={**body, "ends_on": sales.today(1)})
    refused(later, 422, "closing_date_future")
    order = sell(seller.client)
    settle(seller.client, titles(seller.client, order)[0])
    refused(ana.request("POST", path, json={**body, "ends_on": sales.today(-1)}), 409, "commission_nothing_open")
    refused(ana.request("POST", path, json={**body, "currency": "USD"}), 409, "commission_nothing_open")
    refused(ana.request("POST", path, json={"person_id": "nobody"}), 404, "person_not_found")
    assert seller.total() == Decimal("5.00")


def test_a_settlement_taken_back_waits_again(ana: Client, seller: Seller) -> None:
    order = sell(seller.client)
    [title] = titles(seller.client, order)
    settle(seller.client, title)
    unsettle(ana, title)
    assert (seller.total(), seller.total("pending")) == (Decimal(0), Decimal("5.00"))


def test_what_was_closed_is_never_changed_but_taken_back_in_the_next_closing(ana: Client, seller: Seller) -> None:
    order = sell(seller.client)
    [title] = titles(seller.client, order)
    settle(seller.client, title)
    made = commission.close(ana, seller.person)
    before = seller.entries("closed")
    unsettle(ana, title)
    assert seller.entries("closed") == before
    [back] = seller.entries()
    assert (back["kind"], back["amount"], back["reverses"]) == ("reversal", "-5.00", before[0]["id"])
    assert seller.total("pending") == Decimal("5.00")
    settle(seller.client, title)
    assert seller.total() == Decimal(0)
    assert commission.close(ana, seller.person)["total"] == "0.00"
    unsettle(ana, title)
    seller.client.post(f"/v1/orders/{order['id']}/cancel", {"reason": "Desistiu."})
    assert seller.total("pending") == Decimal(0)
    assert commission.close(ana, seller.person)["total"] == "-5.00"
    assert seller.client.get(f"{ACCOUNT}/closings/{made['id']}")["total"] == "5.00"
    assert seller.total("closed") == Decimal(0)


def test_a_cancelled_or_deleted_order_earns_nothing(seller: Seller) -> None:
    cancelled, deleted = sell(seller.client, terms={"count": 2}), sell(seller.client)
    seller.client.post(f"/v1/orders/{cancelled['id']}/cancel", {"reason": "Desistiu."})
    seller.client.delete(f"/v1/orders/{deleted['id']}")
    assert seller.entries("pending") == seller.entries() == []
    assert len(seller.entries("cancelled")) == 3


@pytest.mark.usefixtures("on_order")
def test_a_company_may_pay_on_order(ana: Client, seller: Seller) -> None:
    order = sell(seller.client, "100.00", terms={"count": 3})
    [entry] = seller.entries()
    assert (entry["amount"], entry["receivable_id"]) == ("5.00", None)
    commission.close(ana, seller.person)
    settle(seller.client, titles(seller.client, order)[0])
    unsettle(ana, titles(seller.client, order, "settled")[0])
    assert seller.entries() == []
    seller.client.post(f"/v1/orders/{order['id']}/cancel", {"reason": "Desistiu."})
    seller.client.delete(f"/v1/orders/{order['id']}")
    assert [(one["kind"], one["amount"]) for one in seller.entries()] == [("reversal", "-5.00")]
    gone = sell(seller.client)
    seller.client.delete(f"/v1/orders/{gone['id']}")
    assert [one["order_id"] for one in seller.entries("cancelled")] == [gone["id"]]


def test_the_opportunitys_responsible_earns_whoever_approves_the_quote(
    system: System, ana: Client, seller: Seller
) -> None:
    person = ana.register(f"Freguesa {people.unique_word()}")["id"]
    made = sales.opportunity(ana, person, responsible_id=seller.user)
    sales.conversation(ana, made)
    quote = sold.quote(ana, made["id"])
    order_id = ana.post(f"/v1/quotes/{quote['id']}/versions/1/approve", None)["order_id"]
    assert ana.get(f"/v1/orders/{order_id}")["seller"]["id"] == seller.person
    assert seller.total("pending") == Decimal("5.00")
    # the responsible is not linked to a person, and nobody else earns instead
    other = sales.opportunity(ana, person)
    sales.conversation(ana, other)
    theirs = sold.quote(seller.client, other["id"])
    order_id = ana.post(f"/v1/quotes/{theirs['id']}/versions/1/approve", None)["order_id"]
    assert ana.get(f"/v1/orders/{order_id}")["seller"] is None


def test_an_opportunity_closed_as_won_earns_its_responsible(ana: Client, seller: Seller) -> None:
    person = ana.register(f"Freguesa {people.unique_word()}")["id"]
    made = sales.opportunity(ana, person, responsible_id=seller.user)
    sales.conversation(ana, made)
    assert win(ana, made, items=[sold.item("80.00")], terms={"count": 2}).ok
    entries = seller.entries("pending")
    assert [(one["instalment"], one["amount"]) for one in entries] in (
        [(2, "2.00"), (1, "2.00")], [(1, "2.00"), (2, "2.00")],
    )  # fmt: skip


def test_an_order_may_name_its_seller_who_must_be_one(ana: Client, seller: Seller) -> None:
    customer = ana.register(f"Freguesa {people.unique_word()}")["id"]
    path = f"/v1/persons/{customer}/orders"
    assert ana.post(path, sold.offer())["seller"] is None
    assert ana.post(path, sold.offer(seller_id=seller.person))["seller"]["id"] == seller.person
    assert seller.total("pending") == Decimal("5.00")
    answer = ana.request("POST", path, json=sold.offer(seller_id=customer))
    assert refused(answer, 422, "seller_not_entitled")["fields"]["seller_id"]
    refused(ana.request("POST", path, json=sold.offer(seller_id="nobody")), 404, "person_not_found")
    purchase = sold.offer(kind="purchase")
    assert seller.client.post(path, purchase)["seller"] is None


def test_only_the_own_account_is_seen_but_by_who_closes_them(system: System, ana: Client, seller: Seller) -> None:
    other = Seller(system, ana, "1")
    order = sell(seller.client)
    settle(seller.client, titles(seller.client, order)[0])
    [entry] = seller.entries()
    for what in ("entries", "items", "closings"):
        answer = other.client.request("GET", f"{ACCOUNT}/{what}", params={"person_id": seller.person})
        refused(answer, 403, "commission_of_another")
        refused(ana.request("GET", f"{ACCOUNT}/{what}"), 403, "person_not_linked")
    refused(other.client.request("GET", f"{ACCOUNT}/entries/{entry['id']}"), 404, "commission_entry_not_found")
    body = {"person_id": seller.person}
    refused(other.client.request("POST", f"{ACCOUNT}/closings", json=body), 403, "permission_missing")
    assert commission.listed(ana, "entries", person_id=seller.person) == [entry]
    made = commission.close(ana, seller.person)
    path = f"{ACCOUNT}/closings/{made['id']}"
    refused(other.client.request("GET", path), 404, "commission_closing_not_found")
    refused(other.client.request("GET", f"{path}/entries"), 404, "commission_closing_not_found")
    assert other.entries() == []


def test_who_is_no_longer_an_employee_has_no_account(system: System, ana: Client) -> None:
    former = Seller(system, ana, category="employee")
    assert former.entries() == []
    ana.patch(f"/v1/persons/{former.person}", {"category_ids": ["prospect"]})
    path = f"{ACCOUNT}/entries"
    assert former.client.request("GET", path).status_code == 403
    refused(former.client.request("GET", path), 403, "commission_not_entitled")


def test_rates_are_set_listed_and_taken_away_by_who_configures(system: System, ana: Client, seller: Seller) -> None:
    product = people.unique_word()
    made = commission.rate(ana, "7.25", code=product)
    again = commission.rate(ana, "8", code=product)
    assert (again["id"], again["percent"], again["set_by"]["name"]) == (made["id"], "8", "Ana")
    mine = ana.get("/v1/commission-rates", params={"limit": 100})["items"]
    assert (mine[0]["person"]["id"], mine[0]["percent"]) == (seller.person, "5.00")
    assert mine[0]["person"]["name"].startswith("Vendedora")
    assert ana.get("/v1/commission-rates", params={"kind": "product"})["items"][0] == again
    refused(seller.client.request("GET", "/v1/commission-rates"), 403, "permission_missing")
    refused(seller.client.request("PUT", "/v1/commission-rates", json={}), 403, "permission_missing")
    ana.delete(f"/v1/commission-rates/{mine[0]['id']}")
    refused(ana.request("DELETE", f"/v1/commission-rates/{mine[0]['id']}"), 404, "commission_rate_not_found")
    sell(seller.client)
    assert seller.entries("pending") == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "person", "percent": "5"}, "person_id"),
        ({"kind": "product", "percent": "5"}, "code"),
        ({"kind": "product", "code": "X", "person_id": "y", "percent": "5"}, "person_id"),
        ({"kind": "product", "code": "X", "percent": "101"}, "percent"),
        ({"kind": "product", "code": "X", "percent": "-1"}, "percent"),
        ({"kind": "product", "code": "X", "percent": "0.00001"}, "percent"),
        ({"kind": "flavour", "code": "X", "percent": "5"}, "kind"),
    ],
)
def test_what_is_no_rate_is_refused(ana: Client, body: dict[str, Any], field: str) -> None:
    field_refused(ana.request("PUT", "/v1/commission-rates", json=body), field)


def test_a_rate_of_who_is_no_seller_is_refused(ana: Client) -> None:
    client = ana.register(f"Freguesa {people.unique_word()}")["id"]
    body = {"kind": "person", "percent": "5"}
    answer = ana.request("PUT", "/v1/commission-rates", json={**body, "person_id": client})
    refused(answer, 422, "seller_not_entitled")
    answer = ana.request("PUT", "/v1/commission-rates", json={**body, "person_id": "nobody"})
    refused(answer, 404, "person_not_found")


def test_the_account_and_its_totals_follow_a_merged_person_and_come_back(
    system: System, ana: Client, seller: Seller
) -> None:
    survivor = ana.register(f"Outra {people.unique_word()}", category_ids=["representative"])["id"]
    sell(seller.client)
    rights.merge(ana, survivor, seller.person)
    held = system.mongo("sales")
    for name in ("commission_entries", "commission_totals"):
        wait_for(lambda name=name: held[name].find_one({"person_id": survivor}), what="they followed")  # type: ignore[misc]
    assert seller.total("pending") == Decimal("5.00")
    sell(seller.client)
    assert seller.total("pending") == Decimal("10.00")
    balance = ana.get(f"{ACCOUNT}/balance", params={"person_id": survivor})
    assert [one["pending"] for one in balance["amounts"]] == ["10.00"]
    ana.post(f"/v1/persons/{seller.person}/unmerge", {})
    for name in ("commission_entries", "commission_totals"):
        wait_for(lambda name=name: held[name].find_one({"person_id": seller.person}), what="they came back")  # type: ignore[misc]
    own = seller.client.get(f"{ACCOUNT}/balance")
    assert [Decimal(one["pending"]) for one in own["amounts"]] == [seller.total("pending")]


def test_the_section_is_offered_to_its_own_person_and_to_who_closes_accounts(
    system: System, ana: Client, seller: Seller
) -> None:
    path = f"/v1/persons/{seller.person}/view"
    assert "commission_account" in seller.client.get(path)["options"]
    assert "commission_account" in ana.get(path)["options"]
    other = users.as_user(system, users.create(ana, "seller"))
    assert "commission_account" not in other.get(path)["options"]
