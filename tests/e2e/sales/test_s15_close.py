"""Row S15: closed as won, items become an order and contracts, surplus one of its own; as lost, with a reason."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from tests.support.builders import people
from tests.support.builders import sold as builders_sold
from tests.support.builders.closing import (
    approved,
    charging_surplus,
    contracts,
    lose,
    made,
    monthly,
    orders,
    receivables,
    turns,
    win,
)
from tests.support.builders.sales import today
from tests.support.problems import refused
from tests.support.stack.insisting import insisted
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


@pytest.fixture(scope="module")
def maria(system: System) -> Client:
    """Of a company that says how it charges surplus."""
    return charging_surplus(system)


@pytest.fixture
def opportunity(maria: Client) -> dict[str, Any]:
    return made(maria)


def test_what_is_given_becomes_an_order_with_its_receivables_and_what_recurs_a_contract(
    maria: Client, opportunity: dict[str, Any]
) -> None:
    items = [builders_sold.item("100.00"), monthly(price="30.00", quantity="2")]
    body: dict[str, Any] = {
        "items": items,
        "discount": {"percent": "10"},
        "terms": {"count": 3, "first_due_on": "2027-01-31"},
    }
    closed = win(maria, opportunity, **body).json()
    assert (closed["state"], closed["outcome"], closed["legend"]) == ("closed", "won", "closed")
    assert closed["stage"]["name"] == "Encerrado"
    (order,), (contract,) = closed["orders"], closed["contracts"]
    assert (order["basket"]["total"], order["opportunity_id"]) == ("144.00", opportunity["id"])
    assert receivables(maria, opportunity) == Decimal("144.00")
    assert (contract["monthly"], contract["surplus"], contract["source"]) == ("54.00", False, "opportunity")
    assert [item["code"] for item in contract["basket"]["items"]] == ["PLANO"]
    assert contract["starts_on"] > today()
    assert orders(maria, opportunity) == [order]
    assert contracts(maria, opportunity) == [contract]


def test_lost_needs_a_reason_of_the_list_and_leaves_nothing_to_approve(
    maria: Client, opportunity: dict[str, Any]
) -> None:
    quote = builders_sold.quote(maria, opportunity["id"])
    names = {one["id"]: one["name"] for one in maria.get("/v1/lost-reasons")["items"]}
    refused(lose(maria, opportunity, lost_reason_id="azar"), 404, "lost_reason_not_found")
    refused(lose(maria, opportunity, lost_reason_id="other"), 422, "lost_reason_details_missing")
    closed = lose(maria, opportunity, lost_reason_id="competitor", details="Comprou na esquina.").json()
    assert (closed["outcome"], closed["lost_reason"]["id"], closed["closing_note"]) == (
        "lost", "competitor", "Comprou na esquina.",
    )  # fmt: skip
    found = maria.get(f"/v1/quotes/{quote['id']}")
    assert found["state"] == "rejected"
    assert names["competitor"] in found["versions"][0]["reason"]
    path = f"/v1/quotes/{quote['id']}/versions"
    refused(maria.request("POST", f"{path}/1/approve"), 409, "opportunity_closed")
    refused(maria.request("POST", path, json=builders_sold.offer("1.00")), 409, "opportunity_closed")


def test_the_reasons_of_a_loss_are_the_companys_own_list(maria: Client, opportunity: dict[str, Any]) -> None:
    path = "/v1/lost-reasons"
    own = maria.post(path, {"name": f"Mudou {people.unique_word()}"})
    refused(maria.request("POST", path, json={"name": own["name"].upper()}), 409, "lost_reason_exists")
    renamed = maria.patch(f"{path}/{own['id']}", {"name": f"{own['name']} de cidade"})
    assert lose(maria, opportunity, lost_reason_id=own["id"]).json()["lost_reason"]["name"] == renamed["name"]
    refused(maria.request("DELETE", f"{path}/{own['id']}"), 409, "lost_reason_in_use")
    maria.post(f"{path}/{own['id']}/archive", None)
    listed = [one["id"] for one in maria.get(path)["items"]]
    assert own["id"] not in listed
    assert own["id"] in [one["id"] for one in maria.get(path, params={"include_archived": True})["items"]]
    assert maria.get(f"/v1/opportunities/{opportunity['id']}")["lost_reason"]["name"] == renamed["name"]
    maria.post(f"{path}/{own['id']}/unarchive", None)
    assert own["id"] in [one["id"] for one in maria.get(path)["items"]]


def test_its_conversation_ends_once_and_says_how(system: System, maria: Client, opportunity: dict[str, Any]) -> None:
    win(maria, opportunity, items=[monthly()])
    path = f"/v1/attendances/{opportunity['attendance_id']}"
    wait_for(lambda: maria.get(path)["state"] == "closed", what="the conversation is closed")
    wait_for(lambda: not any(system.mongo(name)["outbox"].find_one() for name in ("sales", "attendance")), what="quiet")
    entries = maria.get(f"{path}/entries")["items"]
    assert [entry["kind"] for entry in entries] == ["system"]
    assert entries[0]["text"].startswith("Contato de venda encerrado como ganho: a venda nº ")
    assert len(turns(maria, opportunity)) == 1


def test_fifty_who_close_it_at_once_make_one_outcome(system: System, maria: Client) -> None:
    opportunity = made(maria)
    approved(maria, opportunity, monthly())

    def close(turn: int) -> int:
        body = {"items": [monthly("EXTRA", "5.00")]} if turn % 2 else {}
        return insisted(maria, f"/v1/opportunities/{opportunity['id']}/close-as-won", body).status_code

    with ThreadPoolExecutor(50) as threads:
        answers = list(threads.map(close, range(50)))
    assert sorted(set(answers)) == [200, 409]
    assert answers.count(200) == 1
    surplus = maria.get(f"/v1/opportunities/{opportunity['id']}")["surplus_sold"]
    assert len(turns(maria, opportunity)) == 1
    assert len(orders(maria, opportunity)) == len(contracts(maria, opportunity)) == 1 + surplus
    assert receivables(maria, opportunity) == Decimal("55.00" if surplus else "50.00")


def test_a_sale_at_the_moment_of_the_closing_is_counted_or_refused(maria: Client) -> None:
    """Whoever is second finds the other done: no sale is left out of a closing, and none follows it."""
    for _ in range(4):
        opportunity = made(maria)
        approved(maria, opportunity, monthly())
        quotes = [
            maria.post(f"/v1/opportunities/{opportunity['id']}/quotes", {"items": [monthly("EXTRA", "5.00")]})["id"]
            for _ in range(4)
        ]

        def act(quote: str | None, sale: dict[str, Any] = opportunity) -> int:
            if quote is None:
                return insisted(maria, f"/v1/opportunities/{sale['id']}/close-as-won", {}).status_code
            return insisted(maria, f"/v1/quotes/{quote}/versions/1/approve").status_code

        with ThreadPoolExecutor(5) as threads:
            answers = list(threads.map(act, [*quotes[:2], None, *quotes[2:]]))
        assert answers[2] == 200
        assert set(answers) <= {200, 409}
        sold = orders(maria, opportunity)
        extra = [one for one in contracts(maria, opportunity) if one["surplus"]]
        assert len(sold) == answers.count(200)
        assert sum(len(one["basket"]["items"]) for one in extra) == len(sold) - 1
