"""Row S15: closed as won, items become an order and contracts, surplus one of its own; as lost, with a reason."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.support.builders import sold as builders_sold
from tests.support.builders import users
from tests.support.builders.closing import (
    ADDITIONAL,
    approved,
    charging_surplus,
    grant,
    lose,
    made,
    monthly,
    orders,
    receivables,
    reopen,
    turns,
    win,
)
from tests.support.builders.sales import newcomer, patch, stages
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System


@pytest.fixture(scope="module")
def maria(system: System) -> Client:
    """Of a company that says how it charges surplus."""
    return charging_surplus(system)


@pytest.fixture
def opportunity(maria: Client) -> dict[str, Any]:
    return made(maria)


def test_the_order_of_an_approved_quote_is_linked_and_not_doubled(maria: Client, opportunity: dict[str, Any]) -> None:
    quote = approved(maria, opportunity, builders_sold.item("80.00"), monthly())
    closed = win(maria, opportunity).json()
    assert [order["id"] for order in closed["orders"]] == [quote["order_id"]]
    assert [order["id"] for order in orders(maria, opportunity)] == [quote["order_id"]]
    assert [one["monthly"] for one in closed["contracts"]] == ["50.00"]
    assert receivables(maria, opportunity) == Decimal("130.00")


def test_a_product_sold_later_is_surplus_and_gets_a_contract_of_its_own(
    maria: Client, opportunity: dict[str, Any]
) -> None:
    approved(maria, opportunity, monthly("PLANO", "50.00"))
    approved(maria, opportunity, monthly("plano ", "50.00"), monthly("USUARIO-EXTRA", "7.50"))
    closed = win(maria, opportunity, items=[builders_sold.item("20.00", code="CARTAZ")]).json()
    sale, extra = closed["contracts"]
    assert [item["code"] for item in sale["basket"]["items"]] == ["PLANO", "plano"]
    assert (sale["monthly"], sale["surplus"], sale["billing_kind"]) == ("100.00", False, "")
    assert [item["code"] for item in extra["basket"]["items"]] == ["USUARIO-EXTRA", "CARTAZ"]
    assert (extra["monthly"], extra["surplus"], extra["billing_kind"]) == ("7.50", True, ADDITIONAL)
    assert closed["surplus_sold"]
    assert len(closed["orders"]) == len(orders(maria, opportunity)) == 3
    assert receivables(maria, opportunity) == Decimal("127.50")


def test_what_the_seller_names_surplus_is_surplus_in_the_first_sale_too(
    maria: Client, opportunity: dict[str, Any]
) -> None:
    closed = win(maria, opportunity, items=[monthly(), monthly("EXTRA", "9.99", surplus=True)]).json()
    assert [(one["surplus"], one["monthly"]) for one in closed["contracts"]] == [(False, "50.00"), (True, "9.99")]


def test_surplus_is_refused_until_the_company_says_how_it_is_charged(system: System) -> None:
    client = newcomer(system)
    opportunity = made(client)
    sold: dict[str, Any] = {"items": [monthly("EXTRA", surplus=True)]}
    problem = refused(win(client, opportunity, **sold), 409, "surplus_billing_missing")
    assert problem["params"]["setting"] == "surplus_billing_kind"
    assert orders(client, opportunity) == []
    patch(client, "/v1/settings/sales", {"surplus_billing_kind": "Excedente"})
    assert win(client, opportunity, **sold).json()["contracts"][0]["billing_kind"] == "Excedente"


def test_nothing_sold_and_a_sale_twice_are_refused(maria: Client, opportunity: dict[str, Any]) -> None:
    refused(win(maria, opportunity), 409, "sale_missing")
    quote = approved(maria, opportunity, monthly())
    problem = refused(win(maria, opportunity, items=[monthly()]), 409, "opportunity_sold")
    (named,) = problem["params"]["orders"]
    assert named["id"] == quote["order_id"]
    assert f"nº {named['number']}" in problem["detail"]
    assert maria.get(f"/v1/opportunities/{opportunity['id']}")["state"] == "open"


def test_a_cancelled_sale_is_none(maria: Client, opportunity: dict[str, Any]) -> None:
    quote = approved(maria, opportunity)
    maria.post(f"/v1/orders/{quote['order_id']}/cancel", {"reason": "Erro."})
    refused(win(maria, opportunity), 409, "sale_missing")
    assert lose(maria, opportunity).json()["outcome"] == "lost"


def test_sales_in_two_currencies_make_no_contract(maria: Client, opportunity: dict[str, Any]) -> None:
    approved(maria, opportunity, monthly())
    extra: dict[str, Any] = {"items": [monthly("EXTRA")], "currency": "USD"}
    refused(win(maria, opportunity, **extra), 409, "currencies_mixed")


def test_what_was_sold_is_not_lost(maria: Client, opportunity: dict[str, Any]) -> None:
    approved(maria, opportunity)
    refused(lose(maria, opportunity), 409, "opportunity_sold")


def test_won_leaves_the_other_quotes_behind(maria: Client, opportunity: dict[str, Any]) -> None:
    approved(maria, opportunity)
    other = builders_sold.quote(maria, opportunity["id"], "999.00")
    win(maria, opportunity)
    assert maria.get(f"/v1/quotes/{other['id']}")["state"] == "rejected"
    flow = f"/v1/attendances/{opportunity['attendance_id']}"
    assert maria.get(flow)["quotes_in_approval"] == 0


def test_who_closed_it_how_and_why_is_shown_with_it(maria: Client, opportunity: dict[str, Any]) -> None:
    lose(maria, opportunity, details="Achou caro.")
    me = maria.session["user"]["name"]
    person = opportunity["person"]["id"]
    who = {"id": maria.session["user"]["id"], "name": me}
    reason = {"id": "price", "name": "Preço"}
    expected = {"outcome": "lost", "lost_reason": reason, "closed_by": who, "approved_by": None}
    listed = maria.get(f"/v1/persons/{person}/opportunities", params={"state": ["open", "closed"]})["items"]
    view = maria.get(f"/v1/persons/{person}/view", params={"state": ["open", "closed"]})
    for found in (maria.get(f"/v1/opportunities/{opportunity['id']}"), *listed, *view["opportunities"]["items"]):
        assert {name: found[name] for name in expected} == expected
    assert maria.get(f"/v1/persons/{person}/view")["opportunities"]["items"] == []
    (turn,) = turns(maria, opportunity)
    assert (turn["kind"], turn["by"]["name"], turn["record"]["reason"]) == ("lost", me, "price")
    assert turn["text"] == "Contato de venda encerrado como perdido: Preço. Achou caro."


def test_closed_ones_are_found_by_their_outcome_and_by_why_they_were_lost(system: System) -> None:
    seller = newcomer(system, "admin", "oficina")
    person = seller.register("Fins")["id"]
    won, dear, silent, _ = (
        seller.post(f"/v1/persons/{person}/opportunities", {"subject": f"Contato {number}", "responsible_id": "me"})
        for number in range(4)
    )
    assert win(seller, won, items=[builders_sold.item()]).ok
    assert lose(seller, dear).ok
    assert lose(seller, silent, lost_reason_id="no_answer").ok

    def found(**params: Any) -> set[str]:
        asked = {"user_id": "me", **params}
        return {one["id"] for one in seller.get("/v1/opportunities", params=asked)["items"]}

    assert found(outcome="won") == {won["id"]}
    assert found(outcome="lost") == found(outcome="lost", state="closed") == {dear["id"], silent["id"]}
    assert found(lost_reason_id="price") == found(outcome="lost", lost_reason_id="price") == {dear["id"]}
    assert found(outcome="won", lost_reason_id="price") == set()
    assert found(outcome="lost", stage_id=stages(seller)["Encerrado"]) == {dear["id"], silent["id"]}
    approval = grant(seller, users.create(seller, "manager"), "reopen_opportunity", dear["id"], reason="Voltou.")
    assert reopen(seller, dear, approval).ok
    assert found(outcome="lost") == {silent["id"]}
    field_refused(seller.request("GET", "/v1/opportunities", params={"outcome": "half"}), "outcome")
    unknown = seller.request("GET", "/v1/opportunities", params={"lost_reason_id": "half"})
    refused(unknown, 404, "lost_reason_not_found")


def test_an_ended_conversation_closes_it_without_an_outcome_and_the_sale_is_told_later(
    maria: Client, opportunity: dict[str, Any]
) -> None:
    maria.post(f"/v1/attendances/{opportunity['attendance_id']}/close", None)
    path = f"/v1/opportunities/{opportunity['id']}"
    assert maria.get(path)["state"] == "closed"
    ended = maria.get(path)
    assert (ended["outcome"], ended["closed_by"]["name"]) == (None, maria.session["user"]["name"])
    lost = lose(maria, opportunity).json()
    assert (lost["outcome"], lost["closed_at"]) == ("lost", ended["closed_at"])
    assert [turn["kind"] for turn in turns(maria, opportunity)] == ["lost", "ended"]
    refused(lose(maria, opportunity), 409, "opportunity_closed")


def test_where_the_company_demands_it_a_supervisor_approves_and_both_names_are_kept(system: System) -> None:
    admin = newcomer(system)
    patch(admin, "/v1/settings/sales", {"closing_needs_supervisor": True})
    manager, person = users.create(admin, "manager"), users.create(admin, "seller")
    seller = users.as_user(system, person)
    opportunity = made(seller)
    problem = refused(win(seller, opportunity, items=[monthly()]), 403, "approval_missing")
    assert problem["params"]["action"] == "sales.close_opportunity_as_won"
    refused(lose(seller, opportunity), 403, "approval_missing")
    last = {"stage_id": stages(seller)["Encerrado"]}
    path = f"/v1/opportunities/{opportunity['id']}/stage"
    refused(seller.request("PUT", path, json=last), 409, "outcome_required")
    refused(lose(seller, opportunity, grant(seller, manager, "close_opportunity_as_won", opportunity["id"])), 403,
            "grant_for_another_action")  # fmt: skip
    empty = grant(seller, manager, "close_opportunity_as_won", opportunity["id"])
    refused(win(seller, opportunity, empty), 409, "sale_missing")
    refused(win(seller, opportunity, empty, items=[monthly()]), 403, "grant_for_another_body")
    approval = grant(seller, manager, "close_opportunity_as_won", opportunity["id"], items=[monthly()])
    refused(win(seller, opportunity, approval, items=[monthly(price="49.99")]), 403, "grant_for_another_body")
    closed = win(seller, opportunity, approval, items=[monthly()]).json()  # refused, it was not spent
    assert (closed["closed_by"]["name"], closed["approved_by"]["name"]) == (person["name"], manager["name"])
    (turn,) = turns(seller, opportunity)
    assert turn["record"]["approved_by"]["id"] == manager["id"]
    assert turn["text"].endswith(f"Aprovado por {manager['name']}.")
    refused(win(seller, made(seller), approval, items=[monthly()]), 403, "grant_for_another_action")


def test_closed_and_archived_ones_and_other_companies_are_refused(
    maria: Client, bruno: Client, opportunity: dict[str, Any]
) -> None:
    refused(win(bruno, opportunity), 404, "opportunity_not_found")
    maria.post(f"/v1/opportunities/{opportunity['id']}/archive", None)
    refused(win(maria, opportunity), 409, "opportunity_archived")
    refused(lose(maria, opportunity), 409, "opportunity_archived")
    maria.post(f"/v1/opportunities/{opportunity['id']}/unarchive", None)
    win(maria, opportunity, items=[monthly()])
    problem = refused(lose(maria, opportunity), 409, "opportunity_closed")
    assert problem["params"]["outcome"] == "won"
    refused(win(maria, opportunity), 409, "opportunity_closed")


def test_only_who_may_write_sales_closes_and_only_who_may_configure_sets(system: System, ana: Client) -> None:
    viewer = newcomer(system, "viewer", "padaria")
    opportunity = made(ana)
    refused(win(viewer, opportunity), 403, "permission_missing")
    refused(lose(viewer, opportunity), 403, "permission_missing")
    body = {"closing_needs_supervisor": True}
    refused(viewer.request("PATCH", "/v1/settings/sales", json=body), 403, "permission_missing")
    field_refused(ana.request("PATCH", "/v1/settings/sales", json={"surplus_billing_kind": "x" * 61}),
                  "surplus_billing_kind")  # fmt: skip


def test_wrong_bodies_are_refused(maria: Client, opportunity: dict[str, Any]) -> None:
    field_refused(win(maria, opportunity, items=[]), "items")
    field_refused(win(maria, opportunity, discount={"percent": "10"}), "items")
    refused(win(maria, opportunity, items=[monthly()], discount={"amount": "99.00"}), 422, "discount_invalid")
    refused(win(maria, opportunity, items=[monthly(price="0.01")], terms={"count": 2}), 422, "instalment_too_small")
    assert maria.get(f"/v1/opportunities/{opportunity['id']}")["state"] == "open"
    assert orders(maria, opportunity) == []


def test_an_amount_or_marker_of_a_closed_one_stays(maria: Client, opportunity: dict[str, Any]) -> None:
    patch(maria, f"/v1/opportunities/{opportunity['id']}", {"amount": "70.00"})
    assert win(maria, opportunity, items=[monthly()]).json()["amount"] == "70.00"
