"""The entries that orders and receivables make in their seller's commission account (row S19), in their transaction."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from services.sales.commission.model import (
    CLOSED,
    ON_ORDER,
    OPEN,
    PENDING,
    Entry,
    Part,
    commission_parts_of,
    split,
    total_of,
)
from services.sales.orders.model import Order
from services.sales.receivables.model import Receivable
from services.sales.session import SalesSession


def accrue(tx: SalesSession, order: Order, receivables: Sequence[Receivable]) -> None:
    """Adds the seller's commission of a new order: one payable entry, or a pending entry for each receivable."""
    lines = _lines(tx, order)
    if not lines:
        return
    if tx.configuration.settings().commission_on == ON_ORDER:
        entry = _entry(tx, order, None, lines)
        entry.earn(tx.now)
        tx.commission_entries.add_many([entry])
        return
    shares = split(lines, [receivable.amount for receivable in receivables])
    made = [_entry(tx, order, one, parts) for one, parts in zip(receivables, shares, strict=True) if parts]
    tx.commission_entries.add_many(made)


def make_payable(tx: SalesSession, receivable: Receivable) -> None:
    """The receivable was settled: its pending entries become payable."""
    entry = tx.commission_entries.of_receivable(receivable.id)
    if entry is not None and entry.status == PENDING:
        entry.earn(tx.now)
        tx.commission_entries.save(entry)


def make_pending(tx: SalesSession, receivable: Receivable) -> None:
    """The receivable is open again, so its entry becomes pending.

    If a closing has paid the entry, a negative entry takes it back, and a new entry is pending.
    """
    entry = tx.commission_entries.of_receivable(receivable.id)
    if entry is not None and entry.status == OPEN:
        entry.wait()
        tx.commission_entries.save(entry)
    elif entry is not None and entry.status == CLOSED:
        tx.commission_entries.add_many([entry.reversal(tx.new_id(), tx.now), entry.renewed(tx.new_id(), tx.now)])


def withdraw(tx: SalesSession, order: Order) -> None:
    """The order is cancelled or deleted, so its entries in no closing are cancelled.

    If a closing has paid the order's whole commission, a negative entry takes it back.
    """
    for entry in tx.commission_entries.unclosed_of(order.id):
        entry.cancel()
        tx.commission_entries.save(entry)
    closed = tx.commission_entries.closed_whole_of(order.id)
    if closed is not None:
        tx.commission_entries.add_many([closed.reversal(tx.new_id(), tx.now)])


def _lines(tx: SalesSession, order: Order) -> list[Part]:
    if order.seller_id is None:
        return []
    of_products = tx.commission_rates.of_products(item.product for item in order.basket.items)
    own = tx.commission_rates.of_person(order.seller_id)
    percent = own.percent if own else Decimal(0)
    percents = {product: rate.percent for product, rate in of_products.items()}
    return commission_parts_of(order.basket, lambda product: percents.get(product, percent))


def _entry(tx: SalesSession, order: Order, receivable: Receivable | None, parts: Sequence[Part]) -> Entry:
    return Entry(
        id=tx.new_id(),
        person_id=str(order.seller_id),
        order_id=order.id,
        order_number=order.number,
        receivable_id=receivable.id if receivable else None,
        instalment=receivable.instalment if receivable else 1,
        parts=tuple(parts),
        amount=total_of(parts),
        currency=order.currency,
        created_at=tx.now,
        attendance_id=order.attendance_id,
    )
