"""Orders: placed at once or by approving a quote, cancelled, deleted; purchases too (rows S13, S14)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.chassis.entrypoints import command, query
from services.chassis.errors import Invalid
from services.chassis.schemas import ById
from services.sales import contract
from services.sales.domain.items import Basket
from services.sales.domain.nfe.nfe import Nfe
from services.sales.domain.order import APPROVED, Order, refuse_settled
from services.sales.domain.terms import Terms
from services.sales.store import SalesSession
from services.sales.use_cases import nfe, service_orders
from services.sales.use_cases.commission import seller
from services.sales.use_cases.earning import withdrawn
from services.sales.use_cases.quotes import release_quote
from services.sales.use_cases.selling import Conversation, conversation_of, owner_of, place, shown_basket, unsell_in

Data = dict[str, Any]


@command(takes=contract.PlaceOrder, gives=contract.Order, needs="sales.write", section="orders")
def place_order(tx: SalesSession, data: Data) -> Data:
    """Approved at once.

    Raises NotFound("person_not_found"), Invalid("conversation_of_another_person" or "seller_not_entitled"); and, asked
    for its NF-e too, what that refuses.
    """
    person_id = data.pop("person_id")
    tx.persons.get(person_id)
    conversation = conversation_of(tx, data.pop("attendance_id"), data.pop("opportunity_id"))
    if conversation is not None and conversation.person_id != person_id:
        detail = "O atendimento é de outra pessoa."
        raise Invalid("conversation_of_another_person", detail, fields={"attendance_id": [detail]})
    if data["seller_id"] is not None:
        data["seller_id"] = seller(tx, data["seller_id"], "seller_id")
    basket, terms = Basket.of(data.pop("items"), data.pop("discount")), Terms(**(data.pop("terms") or {}))
    found = conversation or Conversation(person_id, None, None)
    wanted = data.pop("nfe")
    order = place(tx, tx.new_id(), data.pop("kind"), found, basket, terms, data)
    return shown_order(order, nfe.request(tx, order, None) if wanted else None)


@command(takes=contract.CancelOrder, gives=contract.Order, needs="sales.write", section="orders")
def cancel_order(tx: SalesSession, data: Data) -> Data:
    """Its open receivables are cancelled with it; raises Conflict: order_cancelled, order_settled,
    order_invoiced."""
    order = tx.orders.get(data["order_id"])
    unsell_in(tx, order.opportunity_id)
    receivables = tx.receivables.of_source(order.id)
    why = f"Venda cancelada: {data['reason']}"[:255]
    nfe.release(tx, order, why, final=False)
    service_orders.release(tx, order, why, final=False)
    order.cancel(data["reason"], tx.now, settled=tx.receivables.settled_of(order.id))
    for receivable in receivables:
        receivable.cancel()
        tx.receivables.save(receivable)
    tx.orders.save(order)
    withdrawn(tx, order)
    _release(tx, order)
    tx.publish(contract.ORDER_CANCELLED, order.id, order.version, **order.announced())
    return shown_order(order)


@command(takes=contract.DeleteOrder, gives=contract.DeletedOrder, needs="sales.write", section="orders")
def delete_order(tx: SalesSession, data: Data) -> Data:
    """Final, with its receivables; raises Conflict: order_settled, order_invoiced, order_service_done."""
    order = tx.orders.get(data["order_id"])
    unsell_in(tx, order.opportunity_id)
    refuse_settled(tx.receivables.settled_of(order.id))
    nfe.release(tx, order, "Venda excluída.", final=True)
    service_orders.release(tx, order, "Venda excluída.", final=True)
    tx.receivables.remove_of(order.id)
    if order.status == APPROVED:
        withdrawn(tx, order)
    tx.orders.remove(order)
    _release(tx, order)
    tx.publish(contract.ORDER_DELETED, order.id, order.version + 1, **order.announced())
    return {"id": order.id, "deleted": True}


@query(takes=ById, gives=contract.Order, needs="sales.read", section="orders")
def get_order(session: SalesSession, data: Data) -> Data:
    order = session.orders.get(data["id"])
    return shown_order(order, session.nfes.of_order(order.id))


@query(takes=contract.ListOrders, gives=contract.OrderPage, needs="sales.read", section="orders")
def list_orders(session: SalesSession, data: Data) -> Data:
    """Raises Invalid("owner_missing") unless a person or an attendance is named."""
    found = session.orders.page(*owner_of(data), data["kind"], data["limit"], data["cursor"])
    nfes = session.nfes.of_orders(order.id for order in found["items"])
    return {**found, "items": [shown_order(order, nfes.get(order.id)) for order in found["items"]]}


def shown_order(order: Order, of_it: Nfe | None = None) -> Data:
    """With a summary of its NF-e, if it has one."""
    return {**vars(order), "nfe": of_it, "basket": shown_basket(order.basket), "terms": asdict(order.terms)}


def _release(tx: SalesSession, order: Order) -> None:
    if order.quote_id is not None:
        release_quote(tx, order.quote_id)
