"""Surplus (excedente): what was sold in an opportunity beyond the sale that it began with (row S15).

Seed 000: "quando houver a comercialização de um novo produto no mesmo contato de venda ... será gerado um contrato
separado para os produtos da nova venda e outro para a venda de excedente". Decided from it:

- An item is surplus where its seller named it so, or where it is a product that the first sale of the same opportunity
  did not hold, and was sold later. More of a product of the first sale is no surplus.
- The catalogue may say of a product that it is always surplus, which its items then are, or never (row S24).
- What recurs of the rest becomes one contract, and all surplus another one, with the company's own billing kind.
- A surplus product that does not recur is charged by its order only: it stands in the contract, and adds nothing to the
  month (contracts/model.py).

No framework, store or clock may enter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from services.chassis.errors import Conflict
from services.sales.shared.items import NEVER, Basket, Discount, Item
from services.sales.shared.money import ZERO, bounded
from services.sales.shared.product_codes import product_key


def mark_surplus(first: Basket | None, basket: Basket) -> Basket:
    """`basket`, sold after `first` (None: it is the first sale), with its surplus items marked."""
    if first is None:
        return basket
    known = {product_key(item.product) for item in first.items if not item.surplus}

    def mark(item: Item) -> Item:
        is_new = product_key(item.product) not in known and item.surplus_rule != NEVER
        return replace(item, surplus=item.surplus or is_new)

    return replace(basket, items=tuple(map(mark, basket.items)))


def mark_all_surplus(sold: Sequence[Basket]) -> list[Basket]:
    """The baskets sold in an opportunity, the oldest first, with their surplus items marked."""
    return [mark_surplus(sold[0] if place else None, basket) for place, basket in enumerate(sold)]


def surplus_of(sold: Sequence[Basket]) -> list[Item]:
    return [item for basket in mark_all_surplus(sold) for item in basket.items if item.surplus]


def contract_of_the_sale(sold: Sequence[Basket]) -> Basket | None:
    """The recurring items that are not surplus, at the price they were sold for; None without any."""
    return _gather(mark_all_surplus(sold), lambda item: item.recurring and not item.surplus)


def contract_of_the_surplus(sold: Sequence[Basket]) -> Basket | None:
    return _gather(mark_all_surplus(sold), lambda item: item.surplus)


def one_currency(currencies: Iterable[str]) -> str:
    """The one currency of a contract; raises Conflict("currencies_mixed")."""
    found = sorted(set(currencies))
    if len(found) > 1:
        detail = f"As vendas deste contato estão em moedas diferentes ({', '.join(found)})."
        raise Conflict("currencies_mixed", detail, currencies=found)
    return found[0]


def _gather(baskets: Iterable[Basket], keep: Callable[[Item], bool]) -> Basket | None:
    """One basket of the items that `keep` chooses, each with its share of the discounts on the whole; None without any.

    Raises Invalid("amount_too_large") where the sum exceeds the largest amount.
    """
    items: list[Item] = []
    total = ZERO
    for basket in baskets:
        chosen, worth = basket.part([keep(item) for item in basket.items])
        items, total = [*items, *chosen], total + worth
    if not items:
        return None
    whole = Basket(tuple(items))
    bounded(whole.subtotal, "items")
    return replace(whole, discount=Discount(amount=whole.subtotal - total))
