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
    """How an opportunity ended, and the names and ids of who closed and who approved it.

    `outcome` None: its conversation was closed. `reason`: the code of one of the company's reasons of a loss, with its
    name at that time and a `note`. `surplus_sold`: surplus was sold, so the opportunity cannot be reopened.
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
    """A closing or a reopening in an opportunity's timeline (row S21), never changed.

    `text` describes it in Portuguese.
    """

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
    """Raises Conflict("opportunity_sold") with the active orders; `what` (Portuguese) is what they forbid."""
    if active_orders:
        detail = f"{what}: há {describe_orders(active_orders)} neste contato de venda."
        raise Conflict("opportunity_sold", detail, orders=_order_references(active_orders))


def refuse_ordered(orders: Sequence[Order]) -> None:
    """Raises Conflict("opportunity_ordered") if there is any order, also a cancelled one: all must be deleted first."""
    if orders:
        gone = "exclua-a" if len(orders) == 1 else "exclua-as"
        detail = f"O contato de venda não pode ser reaberto: gerou {describe_orders(orders)}; {gone} primeiro."
        raise Conflict("opportunity_ordered", detail, orders=_order_references(orders))


def refuse_surplus(sold: bool, surplus: Iterable[Item], contracts: Sequence[tuple[str, int]]) -> None:
    """Raises Conflict("opportunity_surplus_sold") with the products and contracts of surplus.

    `sold`: surplus was sold at the closing, whatever became of its order. `contracts`: (id, number) of its contracts.
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


def describe_orders(orders: Sequence[Order]) -> str:
    """`a venda nº 12` or `as vendas nº 12 (cancelada) e nº 13`; of purchases, `a compra nº 3`."""
    noun = "compra" if orders and orders[0].kind == PURCHASE else "venda"
    numbers = [f"nº {order.number}{' (cancelada)' if order.status == CANCELLED else ''}" for order in orders]
    if len(numbers) == 1:
        return f"a {noun} {numbers[0]}"
    return f"as {noun}s {', '.join(numbers[:-1])} e {numbers[-1]}"


def _order_references(orders: Sequence[Order]) -> list[dict[str, object]]:
    return [{"id": order.id, "number": order.number, "status": order.status} for order in orders]
