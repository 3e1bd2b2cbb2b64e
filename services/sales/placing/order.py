"""Placing an order with its receivables, its service order and its seller's commission, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from services.sales import events
from services.sales.commission.accruing import accrue
from services.sales.orders.model import SALE, Order
from services.sales.placing.conversation import Conversation
from services.sales.receivables.model import Receivable
from services.sales.service_orders.model import ServiceOrder, services_of
from services.sales.session import SalesSession
from services.sales.shared.items import Basket
from services.sales.shared.terms import Terms
from services.sales.shared.today import today


def place(
    tx: SalesSession,
    order_id: str,
    kind: str,
    conversation: Conversation,
    basket: Basket,
    terms: Terms,
    fields: Mapping[str, Any],
) -> Order:
    """Adds an order. A sale gets receivables that add up to its total, its seller's commission, and a service order
    for its services; a purchase gets none of these.

    `author_id` in `fields`: the user who sold it (default: the actor), if the opportunity has no responsible user.
    """
    values = dict(fields)
    author = values.pop("author_id", tx.actor.id)
    if kind == SALE and values.get("seller_id") is None:
        values["seller_id"] = _seller(tx, conversation, author)
    order = Order(
        id=order_id,
        number=tx.orders.next_number(kind),
        kind=kind,
        basket=basket,
        terms=terms,
        ordered_at=tx.now,
        ordered_by=tx.actor.name,
        ordered_by_id=tx.actor.id,
        **{"quote_id": None, **asdict(conversation), **values},
    )
    tx.orders.add(order)
    if kind == SALE:
        receivables = _receivables(tx, order)
        tx.receivables.add_many(receivables)
        accrue(tx, order, receivables)
        _open_service_order(tx, order)
    tx.publish(events.ORDER_PLACED, order.id, order.version, **order.event_data())
    return order


def _seller(tx: SalesSession, conversation: Conversation, author: str) -> str | None:
    """The person linked to the opportunity's responsible user, else to the author; None without one."""
    opportunity = tx.opportunities.of_conversation(conversation.attendance_id) if conversation.attendance_id else None
    user = (opportunity.responsible_id if opportunity else None) or author
    return tx.actor.person if user == tx.actor.id else tx.users.person_of(user)


def _receivables(tx: SalesSession, order: Order) -> list[Receivable]:
    instalments = order.terms.instalments(order.basket.total, today(tx))
    return [
        Receivable(
            id=tx.new_id(),
            person_id=order.person_id,
            source="order",
            source_id=order.id,
            instalment=index,
            instalments=len(instalments),
            due_date=instalment.due_date,
            amount=instalment.amount,
            created_at=tx.now,
            currency=order.currency,
            description=f"Venda {order.number}, parcela {index} de {len(instalments)}",
            attendance_id=order.attendance_id,
        )
        for index, instalment in enumerate(instalments, 1)
    ]


def _open_service_order(tx: SalesSession, order: Order) -> None:
    """Opens one service order for the services of a sale, if it has any."""
    basket = services_of(order)
    if basket is None:
        return
    made = ServiceOrder(
        id=tx.new_id(),
        number=tx.service_orders.next_number(),
        person_id=order.person_id,
        source="order",
        source_id=order.id,
        description=f"Serviços da venda {order.number}",
        basket=basket,
        opened_on=today(tx),
        created_at=tx.now,
        currency=order.currency,
        attendance_id=order.attendance_id,
    )
    tx.service_orders.add(made)
    tx.publish(events.SERVICE_ORDER_CHANGED, made.id, made.version, **made.event_data())
