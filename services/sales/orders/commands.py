"""Orders: placed, cancelled, deleted; purchases too (rows S13, S14)."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import Invalid
from services.chassis.handling.entrypoints import command
from services.sales import events
from services.sales.commission.accruing import withdraw
from services.sales.commission.presenting import require_seller
from services.sales.nfe import commands as nfe_commands
from services.sales.orders import contract
from services.sales.orders.model import APPROVED, Order, refuse_settled
from services.sales.orders.presenting import present_order
from services.sales.placing.conversation import Conversation, conversation_of, register_cancellation_in
from services.sales.placing.order import place
from services.sales.products.baskets import basket_of
from services.sales.quotes.commands import release_quote
from services.sales.service_orders import commands as service_orders_commands
from services.sales.session import SalesSession
from services.sales.shared.terms import Terms

Data = dict[str, Any]


@command(takes=contract.PlaceOrder, gives=contract.Order, needs="sales.write", section="orders")
def place_order(tx: SalesSession, data: Data) -> Data:
    """Places an order, approved at once, with its NF-e where `nfe` asks for it.

    Raises NotFound("person_not_found"), Invalid("conversation_of_another_person" or "seller_not_entitled"), what
    products.baskets.basket_of raises, and with `nfe` what nfe.commands.request raises.
    """
    person_id = data.pop("person_id")
    tx.persons.get(person_id)
    conversation = conversation_of(tx, data.pop("attendance_id"), data.pop("opportunity_id"))
    if conversation is not None and conversation.person_id != person_id:
        detail = "O atendimento é de outra pessoa."
        raise Invalid("conversation_of_another_person", detail, fields={"attendance_id": [detail]})
    if data["seller_id"] is not None:
        data["seller_id"] = require_seller(tx, data["seller_id"], "seller_id")
    basket, terms = basket_of(tx, data, data["currency"]), Terms(**(data.pop("terms") or {}))
    place_of_sale = conversation or Conversation(person_id, None, None)
    with_nfe = data.pop("nfe")
    order = place(tx, tx.new_id(), data.pop("kind"), place_of_sale, basket, terms, data)
    return present_order(order, nfe_commands.request(tx, order, None) if with_nfe else None)


@command(takes=contract.CancelOrder, gives=contract.Order, needs="sales.write", section="orders")
def cancel_order(tx: SalesSession, data: Data) -> Data:
    """Cancels the order with its open receivables; raises Conflict: order_cancelled, order_settled, order_invoiced."""
    order = tx.orders.get(data["order_id"])
    register_cancellation_in(tx, order.opportunity_id)
    receivables = tx.receivables.of_source(order.id)
    reason = f"Venda cancelada: {data['reason']}"[:255]
    nfe_commands.release(tx, order, reason, final=False)
    service_orders_commands.release(tx, order, reason, final=False)
    order.cancel(data["reason"], tx.now, settled=tx.receivables.count_settled_of(order.id))
    for receivable in receivables:
        receivable.cancel()
        tx.receivables.save(receivable)
    tx.orders.save(order)
    withdraw(tx, order)
    _release_quote(tx, order)
    tx.publish(events.ORDER_CANCELLED, order.id, order.version, **order.event_data())
    return present_order(order)


@command(takes=contract.DeleteOrder, gives=contract.DeletedOrder, needs="sales.write", section="orders")
def delete_order(tx: SalesSession, data: Data) -> Data:
    """Deletes the order with its receivables; raises Conflict: order_settled, order_invoiced, order_service_done."""
    order = tx.orders.get(data["order_id"])
    register_cancellation_in(tx, order.opportunity_id)
    refuse_settled(tx.receivables.count_settled_of(order.id))
    nfe_commands.release(tx, order, "Venda excluída.", final=True)
    service_orders_commands.release(tx, order, "Venda excluída.", final=True)
    tx.receivables.remove_of(order.id)
    if order.status == APPROVED:
        withdraw(tx, order)
    tx.orders.remove(order)
    _release_quote(tx, order)
    tx.publish(events.ORDER_DELETED, order.id, order.version + 1, **order.event_data())
    return {"id": order.id, "deleted": True}


def _release_quote(tx: SalesSession, order: Order) -> None:
    if order.quote_id is not None:
        release_quote(tx, order.quote_id)
