"""Making baskets: items completed from the catalogue, with copies of its fields (row S24)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from services.chassis.errors import Invalid
from services.sales.products.model import Product
from services.sales.session import SalesSession
from services.sales.shared.items import ALWAYS, GOODS, NEVER, Basket
from services.sales.shared.product_codes import product_key

Data = dict[str, Any]


def basket_of(
    tx: SalesSession, data: Data, currency: str, kept_codes: Iterable[str] = (), external: bool = False
) -> Basket:  # fmt: skip
    """The basket of `items` and `discount`, which are taken out of `data`.

    `external`: another system has sold it, so inactive products are accepted; as are those with `kept_codes`, which an
    earlier version of the offer has. Raises NotFound("product_not_found"), Conflict("product_inactive"), Invalid:
    item_incomplete, item_code_differs, item_currency_differs, item_surplus_refused, and what Basket.of raises.
    """
    items, discount = data.pop("items"), data.pop("discount")
    known = _find_products(tx, items)
    exempt = {product_key(code) for code in kept_codes}
    for product in known:
        if product is not None and not external and product.key not in exempt:
            product.must_be_active()
    chosen = [
        _item(index, item, product, currency) for index, (item, product) in enumerate(zip(items, known, strict=True))
    ]
    return Basket.of(chosen, discount)


def _find_products(tx: SalesSession, items: Sequence[Data]) -> list[Product | None]:
    """The product of each item, by its id, else by its code; None for a free item.

    Raises NotFound("product_not_found").
    """
    by_id = tx.products.of_ids(item["product_id"] for item in items if item.get("product_id"))
    by_code = tx.products.of_codes({item["product"] for item in items if not item.get("product_id")})
    found: list[Product | None] = []
    for item in items:
        if item.get("product_id"):
            found.append(by_id.get(item["product_id"]) or tx.products.get(item["product_id"]))
        else:
            found.append(by_code.get(item["product"]))
    return found


def _item(index: int, item: Data, product: Product | None, currency: str) -> Data:
    """The item, completed from the product."""
    given = {name: value for name, value in item.items() if value not in (None, "")}
    copied = _copied_fields(index, given, product, currency) if product else {}
    complete = {"recurring": False, "surplus": False, "kind": GOODS, **copied, **given}
    if product is not None:
        complete |= {"product": product.code, "product_id": product.id}
    words = {"description": "a descrição", "unit_price": "o preço"}
    missing = {name: [f"Informe {text} do item."] for name, text in words.items() if name not in complete}
    if missing:
        detail = "O item não é do catálogo: informe a descrição e o preço."
        if product:
            detail = f"O produto {product.code} não tem preço: informe-o no item."
        raise Invalid("item_incomplete", detail, fields={"items": {str(index): missing}})
    if product is not None and product.surplus_rule == ALWAYS:
        complete["surplus"] = True
    return complete


def _copied_fields(index: int, given: Data, product: Product, currency: str) -> Data:
    if "product" in given and product_key(given["product"]) != product.key:
        raise _refused(index, "item_code_differs", "code", f"O código do produto é {product.code}.")
    if product.surplus_rule == NEVER and given.get("surplus"):
        raise _refused(index, "item_surplus_refused", "surplus", f"O produto {product.code} nunca é excedente.")
    if "unit_price" not in given and product.price is not None and product.currency != currency:
        detail = f"O preço do produto {product.code} está em {product.currency}: informe o preço em {currency}."
        raise _refused(index, "item_currency_differs", "unit_price", detail)
    copied: Data = {
        "product_name": product.description,
        "description": product.description,
        "unit": product.unit,
        "recurring": product.recurring,
        "kind": product.kind,
        "surplus_rule": product.surplus_rule,
    }
    return copied if product.price is None else {**copied, "unit_price": product.price}


def _refused(index: int, code: str, field: str, detail: str) -> Invalid:
    return Invalid(code, detail, fields={"items": {str(index): {field: [detail]}}})
