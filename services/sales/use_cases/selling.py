"""What quotes and orders share: whose conversation it is, an order with its receivables, how a basket is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from services.chassis.errors import Invalid
from services.sales import contract
from services.sales.domain import Opportunity
from services.sales.domain.items import Basket
from services.sales.domain.order import SALE, Order
from services.sales.domain.receivable import Receivable
from services.sales.domain.service_order import ServiceOrder, services_of
from services.sales.domain.terms import Terms
from services.sales.store import SalesSession
from services.sales.use_cases.earning import arise
from services.sales.use_cases.today import today

Data = dict[str, Any]


@dataclass(frozen=True)
class Conversation:
    """Where something was sold: an attendance, maybe an opportunity's."""

    person_id: str
    attendance_id: str | None
    opportunity_id: str | None


def conversation_of(tx: SalesSession, attendance_id: str | None, opportunity_id: str | None) -> Conversation | None:
    """Where a quote is made or an order placed: in an opportunity where one is named, else in an attendance.

    None for neither. Raises NotFound, and Conflict("opportunity_closed" or "opportunity_archived"): nothing more is
    sold there.
    """
    if opportunity_id is not None:
        return _of_opportunity(tx, tx.opportunities.get(opportunity_id))
    if attendance_id is None:
        return None
    person_id = tx.attendances.get(attendance_id)["person_id"]
    opportunity = tx.opportunities.of_conversation(attendance_id)
    return _of_opportunity(tx, opportunity) if opportunity else Conversation(person_id, attendance_id, None)


def _of_opportunity(tx: SalesSession, opportunity: Opportunity) -> Conversation:
    sell_in(tx, opportunity)
    return Conversation(opportunity.person_id, opportunity.attendance_id, opportunity.id)


def sell_in(tx: SalesSession, opportunity: Opportunity) -> None:
    """Selling is an interaction. It is written, so that nothing is sold at the very moment of the closing: one of the
    two runs again, and finds the other done.

    Raises Conflict("opportunity_closed" or "opportunity_archived").
    """
    opportunity.must_be_open()
    opportunity.interacted(tx.now)
    tx.opportunities.save(opportunity)


def unsell_in(tx: SalesSession, opportunity_id: str | None) -> None:
    """An order of it is cancelled or deleted, closed as it may be; written for the same reason."""
    opportunity = tx.opportunities.find(opportunity_id) if opportunity_id else None
    if opportunity is not None:
        tx.opportunities.save(opportunity)


def owner_of(data: Data) -> tuple[str, str]:
    """The field and the id that a list is asked for by; raises Invalid("owner_missing")."""
    for field in ("attendance_id", "person_id"):
        if data[field] is not None:
            return field, data[field]
    raise Invalid("owner_missing", "Informe a pessoa ou o atendimento.")


def place(
    tx: SalesSession,
    order_id: str,
    kind: str,
    conversation: Conversation,
    basket: Basket,
    terms: Terms,
    fields: Mapping[str, Any],
) -> Order:
    """The order with its receivables, which add up to it, its seller's commission, and its service order.

    A purchase has none of them.
    `author_id` in `fields`: the user who sold it, unless the opportunity has a responsible one; else the actor.
    """
    given = dict(fields)
    author = given.pop("author_id", tx.actor.id)
    if kind == SALE and given.get("seller_id") is None:
        given["seller_id"] = _seller(tx, conversation, author)
    order = Order(
        id=order_id,
        number=tx.orders.next_number(kind),
        kind=kind,
        basket=basket,
        terms=terms,
        ordered_at=tx.now,
        ordered_by=tx.actor.name,
        **{"quote_id": None, **asdict(conversation), **given},
    )
    tx.orders.add(order)
    if kind == SALE:
        receivables = _receivables(tx, order)
        tx.receivables.add_many(receivables)
        arise(tx, order, receivables)
        _open_service_order(tx, order)
    tx.publish(contract.ORDER_PLACED, order.id, order.version, **order.announced())
    return order


def _seller(tx: SalesSession, conversation: Conversation, author: str) -> str | None:
    """The own person of the opportunity's responsible user, else of the author; None without one."""
    opportunity = tx.opportunities.of_conversation(conversation.attendance_id) if conversation.attendance_id else None
    user = (opportunity.responsible_id if opportunity else None) or author
    return tx.actor.person if user == tx.actor.id else tx.users.person_of(user)


def shown_basket(basket: Basket) -> Data:
    items = [{**asdict(item), "total": item.total} for item in basket.items]
    discount = asdict(basket.discount)
    return {"items": items, "discount": discount, "subtotal": basket.subtotal, "total": basket.total}


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
    """A sale with services opens one service order for them, in the sale's transaction."""
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
