"""Closing an opportunity as won or lost, and reopening it (rows S15, S16)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.chassis.errors import Conflict
from services.chassis.handling.entrypoints import command
from services.sales.closing import contract, surplus
from services.sales.closing.model import LOST, WON, Closing, refuse_ordered, refuse_sold, refuse_surplus
from services.sales.contracts.model import OPPORTUNITY, STOPPED, Contract
from services.sales.contracts.presenting import present_contract
from services.sales.opportunities import contract as opportunities_contract
from services.sales.opportunities import outcome
from services.sales.opportunities.model import Opportunity
from services.sales.opportunities.presenting import present_opportunity
from services.sales.orders.model import APPROVED, SALE, Order
from services.sales.orders.presenting import present_order
from services.sales.placing.conversation import Conversation
from services.sales.placing.order import place
from services.sales.products.baskets import basket_of
from services.sales.quotes.commands import reject_undecided
from services.sales.session import SalesSession
from services.sales.shared.items import Basket
from services.sales.shared.terms import Terms, months_later
from services.sales.shared.today import today

Data = dict[str, Any]

ON_CLOSING = "O contato de venda foi encerrado como ganho com outra venda."


@command(takes=contract.CloseAsWon, gives=contract.ClosedOpportunity, needs="sales.write", section="opportunities")
def close_opportunity_as_won(tx: SalesSession, data: Data) -> Data:
    """Raises NotFound("opportunity_not_found"), Forbidden("approval_missing"), Conflict("opportunity_closed",
    "opportunity_archived", "sale_missing", "opportunity_sold", "surplus_billing_missing", "currencies_mixed").
    """
    opportunity = tx.opportunities.get(data["opportunity_id"])
    opportunity.must_take_an_outcome()
    tx.persons.get(opportunity.person_id)
    active_orders = _active_orders(tx, opportunity)
    now = _basket_sold_now(tx, data, active_orders)
    surplus_sold = _sells_surplus(tx, active_orders, now)
    how = outcome.closing_by(tx, "close_opportunity_as_won", outcome=WON, surplus_sold=surplus_sold)
    _close(tx, opportunity, how)
    orders = active_orders if now is None else [*active_orders, _place_order(tx, opportunity, now, data)]
    contracts = _make_contracts(tx, opportunity, orders)
    reject_undecided(tx, opportunity.attendance_id, ON_CLOSING)
    outcome.announce_closing(tx, opportunity, how, orders, contracts)
    return {
        **present_opportunity(tx, opportunity),
        "orders": [present_order(order) for order in orders],
        "contracts": [present_contract(made) for made in contracts],
    }


@command(
    takes=contract.CloseAsLost, gives=opportunities_contract.Opportunity, needs="sales.write", section="opportunities"
)
def close_opportunity_as_lost(tx: SalesSession, data: Data) -> Data:
    """Its quotes in approval are rejected for the same reason.

    Raises NotFound("opportunity_not_found"), Forbidden("approval_missing"), Conflict("opportunity_closed",
    "opportunity_archived", "opportunity_sold"), and what the company's list of reasons refuses
    (lost_reasons/model.py, choose).
    """
    opportunity = tx.opportunities.get(data["opportunity_id"])
    opportunity.must_take_an_outcome()
    reason = tx.configuration.lost_reasons().choose(data["reason"], data["details"])
    refuse_sold(_active_orders(tx, opportunity), "O contato de venda não pode ser encerrado como perdido")
    told = {"reason": reason.code, "reason_name": reason.name, "note": data["details"]}
    how = outcome.closing_by(tx, "close_opportunity_as_lost", outcome=LOST, **told)
    _close(tx, opportunity, how)
    reject_undecided(tx, opportunity.attendance_id, f"Contato de venda perdido: {reason.name}.")
    outcome.announce_closing(tx, opportunity, how)
    return present_opportunity(tx, opportunity)


@command(
    takes=contract.ReopenOpportunity,
    gives=opportunities_contract.Opportunity,
    needs="sales.write",
    section="opportunities",
)
def reopen_opportunity(tx: SalesSession, data: Data) -> Data:
    """Always approved by a supervisor with their own credentials; the contract of its deleted sale is stopped.

    Raises NotFound("opportunity_not_found"), Conflict("opportunity_not_closed", "opportunity_archived",
    "opportunity_surplus_sold", "opportunity_ordered"), Forbidden("approval_missing").
    """
    opportunity = tx.opportunities.get(data["opportunity_id"])
    opportunity.must_be_closed()
    contracts = tx.contracts.of_source(_source(opportunity))
    _refuse_reopening_sold(opportunity, tx.orders.sales_of(opportunity.id), contracts)
    approved_by = outcome.require_supervisor(tx, "reopen_opportunity", "A reabertura do contato de venda")
    opportunity.reopen(tx.configuration.pipeline(), tx.now)
    tx.opportunities.save(opportunity)
    for made in contracts:
        if made.status != STOPPED:
            made.stop("Contato de venda reaberto; a venda foi excluída.", tx.now, today(tx))
            tx.contracts.save(made)
    outcome.announce_reopening(tx, opportunity, data["reason"], approved_by)
    return present_opportunity(tx, opportunity)


def _active_orders(tx: SalesSession, opportunity: Opportunity) -> list[Order]:
    """The opportunity's sales that are not cancelled, the oldest first."""
    return tx.orders.active_of(opportunity.id, SALE)


def _basket_sold_now(tx: SalesSession, data: Data, active_orders: Sequence[Order]) -> Basket | None:
    """The items sold with the closing, the surplus among them marked; None where all was sold before.

    Raises Conflict("sale_missing") where nothing was sold, Conflict("opportunity_sold") where an active sale exists and
    not all items are surplus, and what products.baskets.basket_of raises.
    """
    if not data["items"]:
        if not active_orders:
            raise Conflict("sale_missing", "Informe o que foi vendido, ou aprove antes uma proposta.")
        return None
    first = active_orders[0].basket if active_orders else None
    basket = surplus.mark_surplus(first, basket_of(tx, data, data["currency"]))
    if not all(item.surplus for item in basket.items):
        refuse_sold(active_orders, "Informe só o que foi vendido além da venda, como excedente")
    return basket


def _sells_surplus(tx: SalesSession, active_orders: Sequence[Order], now: Basket | None) -> bool:
    """Whether surplus is sold; if so, raises Conflict("surplus_billing_missing") where no billing is set for it."""
    found = surplus.surplus_of([*(order.basket for order in active_orders), *([now] if now else [])])
    if found:
        tx.configuration.settings().billing_of_surplus()
    return bool(found)


def _close(tx: SalesSession, opportunity: Opportunity, how: Closing) -> None:
    """Saves the closing first: of several at once, one commits, and the others run again and find it closed."""
    opportunity.close(tx.now, tx.configuration.pipeline().closing, how)
    tx.opportunities.save(opportunity)


def _place_order(tx: SalesSession, opportunity: Opportunity, basket: Basket, data: Data) -> Order:
    conversation = Conversation(opportunity.person_id, opportunity.attendance_id, opportunity.id)
    fields = {"currency": data["currency"], "notes": data["notes"]}
    return place(tx, tx.new_id(), SALE, conversation, basket, Terms(**(data["terms"] or {})), fields)


def _make_contracts(tx: SalesSession, opportunity: Opportunity, orders: Sequence[Order]) -> list[Contract]:
    """Adds the contract of what recurs in the sale, and that of its surplus, where there are any.

    They start a month from today: the orders charge the first month.
    """
    sold = [order.basket for order in orders]
    main, extra = surplus.contract_of_the_sale(sold), surplus.contract_of_the_surplus(sold)
    if main is None and extra is None:
        return []
    currency = surplus.one_currency(order.currency for order in orders)
    kind = tx.configuration.settings().billing_of_surplus() if extra else ""
    return [
        _make_contract(tx, opportunity, basket, currency, billing_kind=billing_kind, surplus=is_surplus)
        for basket, billing_kind, is_surplus in ((main, "", False), (extra, kind, True))
        if basket is not None
    ]


def _make_contract(tx: SalesSession, opportunity: Opportunity, basket: Basket, currency: str, **own: Any) -> Contract:
    made = Contract(
        id=tx.new_id(),
        number=tx.contracts.next_number(),
        person_id=opportunity.person_id,
        source=OPPORTUNITY,
        source_id=_source(opportunity),
        basket=basket,
        starts_on=months_later(today(tx), 1),
        created_at=tx.now,
        currency=currency,
        attendance_id=opportunity.attendance_id,
        **own,
    )
    made.begin_billing(None, today(tx))
    tx.contracts.add(made)
    return made


def _source(opportunity: Opportunity) -> str:
    """The source id of the contracts of the last closing as won; each closing as won has another one."""
    return f"{OPPORTUNITY}:{opportunity.id}:{opportunity.wins}"


def _refuse_reopening_sold(opportunity: Opportunity, orders: Sequence[Order], contracts: Sequence[Contract]) -> None:
    """Raises what refuse_surplus and refuse_ordered raise; surplus first, because the user cannot take it back."""
    of_surplus = [made for made in contracts if made.surplus]
    items = [item for made in of_surplus for item in made.basket.items]
    items += surplus.surplus_of([order.basket for order in orders if order.status == APPROVED])
    refuse_surplus(opportunity.surplus_sold, items, [(made.id, made.number) for made in of_surplus])
    refuse_ordered(orders)
