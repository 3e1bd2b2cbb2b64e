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


def marked(first: Basket | None, basket: Basket) -> Basket:
    """`basket`, sold after `first` (None: it is the first), with what is surplus in it named so."""
    if first is None:
        return basket
    known = {product_key(item.product) for item in first.items if not item.surplus}
    new = (product_key(item.product) not in known and item.surplus_rule != NEVER for item in basket.items)
    return replace(basket, items=tuple(map(_named, basket.items, new)))


def all_marked(sold: Sequence[Basket]) -> list[Basket]:
    """The sales of an opportunity, in their order."""
    return [marked(sold[0] if place else None, basket) for place, basket in enumerate(sold)]


def surplus_of(sold: Sequence[Basket]) -> list[Item]:
    return [item for basket in all_marked(sold) for item in basket.items if item.surplus]


def contract_of_the_sale(sold: Sequence[Basket]) -> Basket | None:
    """What recurs and is no surplus, at the price it was sold for; None if there is nothing."""
    return _gathered(all_marked(sold), lambda item: item.recurring and not item.surplus)


def contract_of_the_surplus(sold: Sequence[Basket]) -> Basket | None:
    return _gathered(all_marked(sold), lambda item: item.surplus)


def one_currency(currencies: Iterable[str]) -> str:
    """The one currency of a contract; raises Conflict("currencies_mixed")."""
    found = sorted(set(currencies))
    if len(found) > 1:
        detail = f"As vendas deste contato estão em moedas diferentes ({', '.join(found)})."
        raise Conflict("currencies_mixed", detail, currencies=found)
    return found[0]


def _gathered(baskets: Iterable[Basket], keep: Callable[[Item], bool]) -> Basket | None:
    """Each item's share of the discounts on the whole goes with it: the parts add up to what was sold.

    Raises Invalid("amount_too_large") where several sales come to more than one amount may be.
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


def _named(item: Item, new: bool) -> Item:
    return replace(item, surplus=True) if new else item
