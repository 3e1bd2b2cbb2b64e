"""Closing commission accounts, and setting their rates (row S19)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.chassis.days import start_of_day
from services.chassis.errors import Invalid
from services.chassis.handling.entrypoints import command
from services.sales import events
from services.sales.commission import contract
from services.sales.commission.model import MOST_CLOSED, PERSON, Closing, Entry, Rate, refuse_unclosable, total_of
from services.sales.commission.presenting import CLOSES, present_closings, present_rates, require_seller
from services.sales.session import SalesSession
from services.sales.shared.today import today

Data = dict[str, Any]


@command(takes=contract.CloseCommission, gives=contract.CommissionClosing, needs=CLOSES, section="commission_account")
def close_commission(tx: SalesSession, data: Data) -> Data:
    """Closes all that is payable to a person in a currency by the end of `ends_on`.

    Raises NotFound("person_not_found"), Invalid("closing_date_future"), Conflict: commission_nothing_open,
    closing_too_large.
    """
    person_id = tx.persons.get(data["person_id"])["_id"]
    ends_on = data["ends_on"] or today(tx)
    if ends_on > today(tx):
        detail = "O fechamento não pode terminar depois de hoje."
        raise Invalid("closing_date_future", detail, fields={"ends_on": [detail]})
    before = start_of_day(ends_on + dt.timedelta(days=1), tx.zone.get())
    entries = tx.commission_entries.payable(person_id, data["currency"], before, MOST_CLOSED + 1)
    refuse_unclosable(entries)
    closing = _new_closing(tx, person_id, ends_on, entries)
    tx.commission_closings.add(closing)
    tx.commission_entries.close(closing, before, entries)
    tx.publish(events.COMMISSION_CLOSED, closing.id, closing.version, **_closing_event(closing))
    return present_closings(tx, [closing])[0]


@command(
    takes=contract.PutCommissionRate,
    gives=contract.CommissionRate,
    needs="sales.configure",
    section="commission_account",
)
def put_commission_rate(tx: SalesSession, data: Data) -> Data:
    """Sets the rate of a person or a product for future orders.

    Raises NotFound("person_not_found" or "product_not_found"), Invalid("seller_not_entitled"). One that is not set yet
    was seen in version 0.
    """
    kind, person_id, product_id = data["kind"], data["person_id"], data.pop("product_id")
    if product_id:
        data["product"] = tx.products.get(product_id).code
    if kind == PERSON:
        person_id = require_seller(tx, person_id, "person_id")
        known = tx.commission_rates.of_person(person_id)
    else:
        known = tx.commission_rates.of_products([data["product"]]).get(data["product"])
    if known is None:
        rate_id = tx.commission_rates.id_of(kind, person_id or data["product"])
        fields = {**data, "person_id": person_id}
        known = Rate(id=rate_id, set_at=tx.now, set_by=tx.actor.name, set_by_id=tx.actor.id, **fields)
        tx.commission_rates.add(known)
    else:
        tx.expect_version_of(known.id)
        known = tx.commission_rates.get(known.id)
        known.percent, known.set_at = data["percent"], tx.now
        known.set_by, known.set_by_id = tx.actor.name, tx.actor.id
        tx.commission_rates.save(known)
    return present_rates(tx, [known])[0]


@command(
    takes=contract.DeleteCommissionRate,
    gives=contract.DeletedCommissionRate,
    needs="sales.configure",
    section="commission_account",
)
def delete_commission_rate(tx: SalesSession, data: Data) -> Data:
    """Raises NotFound("commission_rate_not_found")."""
    tx.commission_rates.remove(data["rate_id"])
    return {"id": data["rate_id"], "deleted": True}


def _new_closing(tx: SalesSession, person_id: str, ends_on: dt.date, entries: list[Entry]) -> Closing:
    zone = tx.zone.get()
    return Closing(
        id=tx.new_id(),
        number=tx.commission_closings.next_number(),
        person_id=person_id,
        currency=entries[0].currency,
        starts_on=min(entry.earned_at.astimezone(zone).date() for entry in entries if entry.earned_at),
        ends_on=ends_on,
        entries=len(entries),
        total=total_of(entries),
        closed_at=tx.now,
        closed_by=tx.actor.id,
        closed_by_name=tx.actor.name,
    )


def _closing_event(closing: Closing) -> Data:
    names = ("number", "person_id", "currency", "starts_on", "ends_on", "entries", "total")
    return {"closing_id": closing.id, **{name: getattr(closing, name) for name in names}}
