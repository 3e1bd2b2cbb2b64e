"""The catalogue, read (row S24)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import query
from services.chassis.schemas import ById
from services.sales.products import contract
from services.sales.products.presenting import present_product
from services.sales.products.search import wanted_facets
from services.sales.session import SalesSession

Data = dict[str, Any]


@query(takes=ById, gives=contract.Product, needs="sales.read", section=CONFIGURATION)
def get_product(session: SalesSession, data: Data) -> Data:
    return present_product(session.products.get(data["id"]))


@query(takes=contract.ListProducts, gives=contract.ProductPage, needs="sales.read", section=CONFIGURATION)
def list_products(session: SalesSession, data: Data) -> Data:
    if data["code"] is not None:
        found = session.products.of_codes([data["code"]]).values()
        of_state = [product for product in found if data["state"] in (None, product.state)]
        return {"items": [present_product(product) for product in of_state], "next_cursor": None}
    page = session.products.page(wanted_facets(data["q"], data["state"]), data["limit"], data["cursor"])
    return {**page, "items": [present_product(product) for product in page["items"]]}
