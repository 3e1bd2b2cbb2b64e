"""Rows S11, S15: approving a quote, and closing as won with surplus, wherever sales or attendance is killed meanwhile.

What was asked for is insisted on with its key, the killed service comes back: one order of the quote, one outcome, the
right contracts, receivables that sum to the orders, each event once (by its id), and the conversation that follows. The
kills of opening are in chaos/test_opening.py.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from tests.chaos.rig import ORPHAN_SECONDS, Rig
from tests.support.builders.closing import monthly
from tests.support.stack.failpoints import FAILPOINTS
from tests.support.stack.ports import wait_for

PARTS = ("sales", "attendance")
HEARD = "chaos-heard"
APPROVAL = [*((part, step) for part in PARTS for step in FAILPOINTS), ("sales", "after_order")]
CLOSING = [*APPROVAL, ("sales", "after_contract")]


class Sale:
    """An opportunity with a quote in approval and its conversation, and all that sales and attendance announce."""

    def __init__(self, rig: Rig) -> None:
        self.rig, self.bus = rig, rig.bus()
        for name in ("people", *PARTS):
            rig.start(name, ready=False)
        rig.wait_ready("people", *PARTS)
        self.bus.do(_listen)
        person = self.bus.result("people", "register_person", {"name": "Maria"}, seconds=10)["id"]
        for name in PARTS:
            wait_for(lambda name=name: rig.count(name, "persons"), 20, f"{name}'s copy")  # type: ignore[misc]
        self.bus.result("sales", "change_sales_settings", {"surplus_billing_kind": "Excedente"}, seconds=10)
        made = self.ask("create_opportunity", person_id=person, description="Plano")
        self.id, self.attendance = made["id"], made["attendance_id"]
        self.quote = self.ask("make_quote", opportunity_id=self.id, items=[monthly()], terms={"count": 3})["id"]
        wait_for(lambda: self.conversation().get("quotes"), 30, "the conversation and its quote")
        self.settle()

    def ask(self, method: str, **data: Any) -> Any:
        return self.bus.insist("sales", method, data, f"{method} {data}", seconds=10)

    def conversation(self) -> dict[str, Any]:
        return next(iter(self.rig.documents("attendance", "attendances")), {})

    def settle(self) -> None:
        """No event waits in an outbox."""
        for name in PARTS:
            wait_for(lambda name=name: not self.rig.count(name, "outbox"), ORPHAN_SECONDS, f"{name} quiet")  # type: ignore[misc]

    def doom(self, killed: str, step: str, method: str, **data: Any) -> float:
        """Orders something of sales while `killed` dies at `step`; the seconds until it was done all the same."""
        self.rig.processes[killed].stop()
        doomed = self.rig.start("doomed", f"doomed-{killed}", VINCULO_FAILPOINT=step)
        body = ("sales", method, data, f"{method} {killed} {step}")
        bus = self.rig.bus()
        caller = threading.Thread(target=bus.insist, args=body, kwargs={"within": ORPHAN_SECONDS, "seconds": 3})
        caller.start()
        wait_for(lambda: not doomed.alive(), 30, "the crash")
        crashed = time.monotonic()
        self.rig.start(killed)
        caller.join(ORPHAN_SECONDS)
        assert not caller.is_alive()
        return crashed

    def announced(self) -> Counter[str]:
        """Different events by name; the same one published again after a crash is one."""
        heard = [json.loads(body) for _, body in self.rig.bus().take_all(HEARD)]
        by_id = {event["id"]: f"{event['source']}.{event['name']}" for event in heard}
        places = {(event["source"], event["aggregate"], event["sequence"]) for event in heard}
        assert len(places) == len(by_id), "two events of one version"
        return Counter(by_id.values())

    def check_money(self) -> tuple[Decimal, Decimal]:
        """What the orders are worth, and what their receivables sum to, each order for itself."""
        worth, owed = Decimal(), Decimal()
        for order in self.rig.documents("sales", "orders"):
            found = self.rig.bus().result("sales", "get_order", {"id": order["_id"]}, seconds=10)
            titles = [one for one in self.rig.documents("sales", "receivables") if one["source_id"] == order["_id"]]
            total, parts = Decimal(found["basket"]["total"]), sum(one["amount"].to_decimal() for one in titles)
            assert total == parts
            worth, owed = worth + total, owed + parts
        return worth, owed

    def check_nothing_parked(self) -> None:
        assert not self.rig.parked("attendance") + self.rig.parked("sales")


@pytest.fixture
def sale(rig: Rig) -> Sale:
    return Sale(rig)


@pytest.mark.parametrize(("killed", "step"), APPROVAL)
def test_a_kill_at_each_step_of_an_approval_makes_one_order(sale: Sale, killed: str, step: str) -> None:
    crashed = sale.doom(killed, step, "approve_quote", quote_id=sale.quote, number=1)
    wait_for(lambda: sale.conversation()["quotes"][0]["status"] == "approved", ORPHAN_SECONDS, "the conversation knows")
    settled = time.monotonic() - crashed
    sale.settle()
    (order,) = sale.rig.documents("sales", "orders")
    (quote,) = sale.rig.documents("sales", "quotes")
    assert (quote["order_id"], order["quote_id"], quote["versions"][0]["status"]) == (
        order["_id"],
        sale.quote,
        "approved",
    )
    worth, owed = sale.check_money()
    assert worth == owed == Decimal("50.00")
    assert len(sale.rig.documents("sales", "receivables")) == 3
    assert sale.announced() == {
        "sales.opportunity_created": 1,
        "sales.quote_changed": 2,
        "sales.order_placed": 1,
        "attendance.attendance_opened": 1,
        "attendance.attendance_changed": 2,
    }
    sale.check_nothing_parked()
    print(f"approval, {killed} killed at {step}: 1 order of {worth} = 3 receivables of {owed}, after {settled:.1f} s")


@pytest.mark.parametrize(("killed", "step"), CLOSING)
def test_a_kill_at_each_step_of_a_closing_with_surplus_makes_one_outcome(sale: Sale, killed: str, step: str) -> None:
    sale.ask("approve_quote", quote_id=sale.quote, number=1)
    other = sale.ask("make_quote", opportunity_id=sale.id, items=[monthly("OUTRO")])["id"]
    wait_for(lambda: len(sale.conversation()["quotes"]) == 2, 30, "the conversation knows both quotes")
    sale.settle()
    body = {"items": [monthly("EXTRA", "7.50")], "terms": {"count": 2}}
    crashed = sale.doom(killed, step, "close_opportunity_as_won", opportunity_id=sale.id, **body)
    wait_for(lambda: sale.conversation()["status"] == "closed", ORPHAN_SECONDS, "the conversation is closed")
    left = {"rejected", "approved"}
    wait_for(lambda: {one["status"] for one in sale.conversation()["quotes"]} == left, ORPHAN_SECONDS, "and knows all")
    settled = time.monotonic() - crashed
    sale.settle()
    (opportunity,) = sale.rig.documents("sales", "opportunities")
    assert (opportunity["status"], opportunity["outcome"], opportunity["wins"]) == ("closed", "won", 1)
    contracts = sorted((one["surplus"], one["billing_kind"]) for one in sale.rig.documents("sales", "contracts"))
    assert contracts == [(False, ""), (True, "Excedente")]
    assert len(sale.rig.documents("sales", "orders")) == 2
    worth, owed = sale.check_money()
    assert worth == owed == Decimal("57.50")
    (turn,) = sale.rig.documents("sales", "turns")
    entries = sale.rig.documents("attendance", "entries")
    assert [entry["text"] for entry in entries] == [turn["text"]]
    statuses = {one["_id"]: one["versions"][-1]["status"] for one in sale.rig.documents("sales", "quotes")}
    assert statuses == {sale.quote: "approved", other: "rejected"}
    assert sale.announced() == {
        "sales.opportunity_created": 1,
        "sales.quote_changed": 4,
        "sales.order_placed": 2,
        "sales.opportunity_closed": 1,
        "attendance.attendance_opened": 1,
        "attendance.attendance_changed": 4,
        "attendance.attendance_closed": 1,
    }
    sale.check_nothing_parked()
    print(
        f"closing, {killed} killed at {step}: 1 outcome, 2 orders of {worth} = receivables of {owed}, "
        f"2 contracts, after {settled:.1f} s"
    )


def _listen(channel: Any) -> None:
    channel.queue_declare(HEARD)
    channel.queue_purge(HEARD)
    for name in PARTS:
        channel.queue_bind(HEARD, f"{name}.events", "#")
