"""How an opportunity ends, and begins again: closed as won or lost, or without an outcome; reopened (rows S15, S16).

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from services.chassis.errors import Conflict
from services.sales.orders.model import CANCELLED, PURCHASE, Order
from services.sales.shared.items import Item

WON, LOST = "won", "lost"
OUTCOMES = (WON, LOST)
ENDED, REOPENED = "ended", "reopened"
TURNS = (WON, LOST, ENDED, REOPENED)


@dataclass(frozen=True)
class Closing:
    """How it ended, who closed it and who approved, by their names and ids.

    Without an outcome it was moved to the last stage, or its conversation ended. `reason` is the code of one of
    the company's, `reason_name` its name then; `note` says more. What was sold as surplus bars the way back.
    """

    by: str
    approved_by: str | None = None
    outcome: str | None = None
    reason: str | None = None
    reason_name: str | None = None
    note: str = ""
    surplus_sold: bool = False
    by_id: str | None = None
    approved_by_id: str | None = None


@dataclass
class StatusChange:
    """A closing or a reopening, once and for all; `text` tells it to people. Of an opportunity's timeline (row S21)."""

    id: str
    opportunity_id: str
    attendance_id: str
    person_id: str
    kind: str
    reason: str | None
    text: str
    author_id: str
    author_name: str
    supervisor_id: str | None
    supervisor_name: str | None
    recorded_at: dt.datetime
    order_ids: list[str] = field(default_factory=list)
    contract_ids: list[str] = field(default_factory=list)


def refuse_sold(active_orders: Sequence[Order], what: str) -> None:
    """Raises Conflict("opportunity_sold"), which names the orders that stand, and what they keep from being done."""
    if active_orders:
        detail = f"{what}: há {numbers_of(active_orders)} neste contato de venda."
        raise Conflict("opportunity_sold", detail, orders=_listed(active_orders))


def refuse_ordered(orders: Sequence[Order]) -> None:
    """The way back is open once every sale of it is deleted: the page asks for that, so a cancelled one blocks, too.

    Raises Conflict("opportunity_ordered"), which names them.
    """
    if orders:
        gone = "exclua-a" if len(orders) == 1 else "exclua-as"
        detail = f"O contato de venda não pode ser reaberto: gerou {numbers_of(orders)}; {gone} primeiro."
        raise Conflict("opportunity_ordered", detail, orders=_listed(orders))


def refuse_surplus(sold: bool, surplus: Iterable[Item], contracts: Sequence[tuple[str, int]]) -> None:
    """Surplus once sold stays sold, whatever became of its order. `contracts`: (id, number) of those of the surplus.

    Raises Conflict("opportunity_surplus_sold"), which names its products and contracts.
    """
    products = sorted({item.product for item in surplus})
    if not sold and not products:
        return
    what = f" ({', '.join(products)})" if products else ""
    where = "".join(f", contrato nº {number}" for _, number in contracts)
    raise Conflict(
        "opportunity_surplus_sold",
        f"O contato de venda não pode ser reaberto: houve venda de excedente{what}{where}.",
        products=products,
        contracts=[{"id": contract_id, "number": number} for contract_id, number in contracts],
    )


def numbers_of(orders: Sequence[Order]) -> str:
    """`a venda nº 12` or `as vendas nº 12 (cancelada) e nº 13`; of purchases, `a compra nº 3`."""
    noun = "compra" if orders and orders[0].kind == PURCHASE else "venda"
    numbers = [f"nº {order.number}{' (cancelada)' if order.status == CANCELLED else ''}" for order in orders]
    if len(numbers) == 1:
        return f"a {noun} {numbers[0]}"
    return f"as {noun}s {', '.join(numbers[:-1])} e {numbers[-1]}"


def _listed(orders: Sequence[Order]) -> list[dict[str, object]]:
    return [{"id": order.id, "number": order.number, "status": order.status} for order in orders]
