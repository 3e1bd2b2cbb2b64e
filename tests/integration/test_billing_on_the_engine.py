"""Rows S11, S13, S17 to S19 on a real database: its indexes refuse a second receivable of a period, lists are read by
indexes, totals follow a merge, and contracts of an earlier version are billed from now on."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pymongo.errors import DuplicateKeyError

from deploy.local.database import Database as Running
from services.chassis.handling.session import Actor
from services.chassis.jobs.leased import LeasedWork
from services.chassis.process.database_setup import prepare
from services.chassis.replicas.redirects import FollowingTenant
from services.chassis.schemas import load
from services.chassis.storage.database import Database
from services.sales.commission import commands as commission
from services.sales.commission import queries as account
from services.sales.contracts import commands as contracts
from services.sales.contracts import queries as contracts_queries
from services.sales.contracts.billing import bill
from services.sales.contracts.jobs import make_biller
from services.sales.contracts.repository import WORKS
from services.sales.lost_reasons import commands as lost_reasons
from services.sales.opportunities import commands as opportunities
from services.sales.orders import commands as orders
from services.sales.orders import queries as orders_queries
from services.sales.quotes import commands as quotes
from services.sales.quotes import queries as quotes_queries
from services.sales.receivables import commands as receivables
from services.sales.receivables import queries as receivables_queries
from services.sales.service import Sales
from services.sales.session import SalesSession
from tests.support.queries import violations
from tests.support.query_log import QueryLog, listening
from tests.support.stack.ports import wait_for

ITEM = {"code": "P1", "description": "Plano", "quantity": "1", "unit_price": "100.00"}
NOW = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)


class Company:
    """The sales of one company: each use case in a transaction of its own."""

    def __init__(self, database: Database, looking: Database) -> None:
        """`looking`: a client of the test's own, whose reads are not recorded."""
        self.database, self.looking, self.at = database, looking, NOW
        self.actor = Actor("u1", "Ana", permissions=("sales.supervise",))

    def run(self, work: Callable[[SalesSession], Any]) -> Any:
        self.at += dt.timedelta(seconds=1)

        def once(client_session: Any) -> Any:
            tenant = FollowingTenant(self.database.tenant("c1", client_session), Sales.inventory)
            session = SalesSession(tenant, self.actor, self.at, "test", 60)
            result = work(session)
            session.flush()
            return result

        return self.database.transact(once, 20, "c1")

    def ask(self, use_case: Any, **data: Any) -> Any:
        loaded = load(use_case.chassis_rpc.takes, data)
        return self.run(lambda tx: use_case.__wrapped__(tx, dict(loaded)))

    def ids(self, use_case: Any, **data: Any) -> list[str]:
        """Of a list, in pages of two."""
        found, cursor = list[str](), None
        while True:
            page = self.ask(use_case, limit=2, cursor=cursor, **data)
            found, cursor = [*found, *(one["id"] for one in page["items"])], page["next_cursor"]
            if cursor is None:
                return found

    def rows(self, name: str) -> list[dict[str, Any]]:
        return list(self.looking.collection(name).find())


@pytest.fixture
def company(database: Running, tmp_path: Path) -> Iterator[Company]:
    log = tmp_path / "queries.jsonl"
    name = f"t{secrets.token_hex(4)}_sales"
    with listening(QueryLog(str(log))):
        service = Database(database.uri, name)
    looking = Database(database.uri, name)
    prepare(looking, Sales, {})
    made = Company(service, looking)
    people = {"p1": "client", "e1": "employee", "e2": "employee"}
    rows = [{"_id": key, "name": key, "categories": [one], "sequence": 1} for key, one in people.items()]
    made.run(lambda tx: tx.tenant.collection("persons").insert_many(rows))
    yield made
    service.close()
    looking.close()
    assert violations(log, [Sales]) == [], "reads that no index serves, without a bound, or with skip"


def put(company: Company, **fields: Any) -> str:
    body = {
        "person_id": "p1",
        "external_id": "E",
        "items": [ITEM],
        "starts_on": "2026-01-10",
        "bills_from": "2026-08-01",
    }
    return str(company.ask(contracts.put_contract, **{**body, **fields})["id"])


def test_a_period_is_billed_once_and_the_index_refuses_a_second_one(company: Company) -> None:
    contract = put(company)
    assert company.run(lambda tx: bill(tx, contract)) == 4
    assert company.run(lambda tx: bill(tx, contract)) == 0
    rows = company.rows("receivables")
    assert sorted(row["period"] for row in rows) == ["2026-08", "2026-09", "2026-10", "2026-11"]
    with pytest.raises(DuplicateKeyError):
        company.database.collection("receivables").insert_one({**rows[0], "_id": "other", "instalment": 99})
    lost = company.database.collection("contracts")
    plan = {"plan.next_period": "2026-08", "plan.billed": 0}
    lost.update_one({"_id": contract}, {"$set": plan})
    assert company.run(lambda tx: bill(tx, contract)) == 0
    assert len(company.rows("receivables")) == 4
    (row,) = company.rows("contracts")
    assert row["next_at"].astimezone(dt.UTC) == dt.datetime(2026, 12, 10, 3, tzinfo=dt.UTC)
    assert company.ask(contracts_queries.get_billing_preview, on="2027-01-31")["totals"][0]["charges"] == 2


def test_the_job_bills_what_is_due_and_parks_a_contract_that_cannot_be_read_alone(company: Company) -> None:
    made = [
        put(company, external_id=str(number), starts_on="2020-01-10", bills_from="2022-01-01") for number in range(3)
    ]
    broken = company.looking.collection("contracts")
    broken.update_one({"_id": made[1]}, {"$set": {"basket": "broken"}})
    runtime: Any = SimpleNamespace(transact=lambda company_id, actor, cause, seconds, work: company.run(work))
    work = LeasedWork(company.database, WORKS, make_biller(runtime), 30, (0.0,))

    def bills_all() -> bool:
        """A sweep, and what it found, as a service does each second."""
        work._claim_due()
        while work._owned.qsize():
            work._run_one(work._owned.get())
        now = dt.datetime.now(dt.UTC)
        return not [row for row in company.rows("contracts") if row.get("next_at") and row["next_at"] <= now]

    wait_for(bills_all, 60, "what is due is billed")
    owed = Counter(row["source_id"] for row in company.rows("receivables"))
    assert owed == {made[0]: 59, made[2]: 59}
    assert [one["row"] for one in company.rows("parked_work")] == [made[1]]
    basket = next(row["basket"] for row in company.rows("contracts") if row["_id"] == made[0])
    broken.update_one({"_id": made[1]}, {"$set": {"basket": basket}})
    company.ask(contracts.suspend_contract, contract_id=made[1], reason="Obra.")
    wait_for(bills_all, 60, "what was missed is billed, too")
    assert Counter(row["source_id"] for row in company.rows("receivables"))[made[1]] == 59
    assert company.rows("parked_work") == []


def test_contracts_of_an_earlier_version_are_billed_from_the_day_they_are_found(company: Company) -> None:
    contract = put(company)
    new = dict.fromkeys(("plan", "bills_from", "next_at", "next_due", "due_day"), "")
    company.database.collection("contracts").update_one({"_id": contract}, {"$unset": new})
    prepare(company.looking, Sales, {})
    (row,) = company.rows("contracts")
    assert row["bills_from"] == dt.datetime.now(dt.UTC).date().isoformat()
    assert row["next_at"]
    company.run(lambda tx: bill(tx, contract))
    assert all(one["due_date"] >= row["bills_from"] for one in company.rows("receivables"))


def test_lists_of_several_states_are_read_by_indexes(company: Company) -> None:
    made = [company.ask(orders.place_order, person_id="p1", items=[ITEM])["id"] for _ in range(4)]
    company.ask(orders.cancel_order, order_id=made[1], reason="x")
    period = {"ordered_from": "2026-11-24", "ordered_to": "2026-11-24"}
    assert company.ids(orders_queries.search_orders, **period) == made[::-1]
    assert company.ids(orders_queries.search_orders, status=["cancelled"]) == [made[1]]
    opportunity = company.ask(opportunities.create_opportunity, person_id="p1", description="Plano")["id"]
    offers = [company.ask(quotes.make_quote, opportunity_id=opportunity, items=[ITEM])["id"] for _ in range(3)]
    company.ask(quotes.reject_quote, quote_id=offers[0], number=1, reason="x")
    dear = [{**ITEM, "unit_price": "120.00"}]
    company.ask(quotes.revise_quote, quote_id=offers[0], items=dear)
    company.ask(quotes.approve_quote, quote_id=offers[0], number=2)
    assert company.ids(quotes_queries.search_quotes) == offers[::-1]
    assert company.ids(quotes_queries.search_quotes, status=["approved", "rejected"]) == [offers[0]]
    deals = [put(company, external_id=str(number), kind=kind) for number, kind in enumerate(["fixed", "variable"])]
    company.ask(contracts.suspend_contract, contract_id=deals[0], reason="x")
    company.ask(contracts.stop_contract, contract_id=deals[1], reason="x")
    both = {"person_id": "p1", "status": ["suspended", "stopped"], "billing": ["billed"]}
    assert company.ids(contracts_queries.list_contracts, **both) == deals[::-1]
    owed = company.ids(receivables_queries.list_receivables, person_id="p1", status=["open", "cancelled"])
    assert len(owed) == len({*owed}) == 5
    company.ask(lost_reasons.delete_lost_reason, code="price")


def test_payments_are_kept_and_read_back_to_the_cent(company: Company) -> None:
    body = {"person_id": "p1", "external_id": "E", "due_date": "2026-11-01", "amount": "0.03"}
    title = company.ask(receivables.put_receivable, **body)["id"]
    paid = company.ask(receivables.settle_receivable, receivable_id=title, amount="0.01", way="pix")["payments"][0]
    company.ask(receivables.settle_receivable, receivable_id=title, amount="0.02")
    reverse = {"receivable_id": title, "payment_id": paid["id"], "reason": "x"}
    found = company.ask(receivables.reverse_payment, **reverse)
    assert (str(found["outstanding"]), found["status"]) == ("0.01", "partially_settled")
    again = company.ask(receivables_queries.get_receivable, id=title)
    assert [str(one["amount"]) for one in again["payments"]] == ["0.01", "0.02"]


def test_totals_of_a_commission_account_follow_a_merge_and_come_back(company: Company) -> None:
    company.ask(commission.put_commission_rate, kind="person", person_id="e1", percent="10")

    def sell() -> None:
        company.ask(orders.place_order, person_id="p1", items=[ITEM], seller_id="e1")

    def pending(person: str) -> list[str]:
        found = company.ask(account.get_commission_balance, person_id=person)["amounts"]
        return [str(one["pending"]) for one in found]

    sell()
    assert pending("e1") == ["10.00"]
    # a redirection is no transaction's: leased work looks again
    outside = FollowingTenant(company.database.tenant("c1"), Sales.inventory)
    outside.redirects.point("e1", "e2", 1, NOW)
    assert pending("e2") == ["10.00"]
    company.run(lambda tx: tx.tenant.collection("persons").delete({"_id": "e1"}))
    company.database.collection("commission_totals").delete_many({})
    row = company.rows("commission_entries")[0]
    assert (row["person_id"], row["account"]) == ("e2", "e1")
    found = company.run(lambda tx: tx.commission_entries.get(row["_id"]))
    found.counted_as = None
    company.run(lambda tx: tx.commission_entries.save(found))
    assert [one["person_id"] for one in company.rows("commission_totals")] == ["e2"], "made for whoever leads"
    assert pending("e2") == ["10.00"]
    outside = FollowingTenant(company.database.tenant("c1"), Sales.inventory)
    outside.redirects.point("e1", None, 2, NOW)
    assert [one["person_id"] for one in company.rows("commission_totals")] == ["e1"]
    assert pending("e2") == []
    balances = company.ask(account.list_commission_balances)
    assert [one["person_id"] for one in balances["items"]] == ["e1"]
