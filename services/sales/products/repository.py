"""Products, found by id, by code, and by words."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from services.chassis.errors import NotFound
from services.chassis.pages import cursor_of, word
from services.chassis.storage.indexes import Index
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.sales.products.model import Product
from services.sales.products.search import facets_of
from services.sales.shared.pages import beyond
from services.sales.shared.product_codes import product_key
from services.sales.shared.products import KEY
from services.sales.shared.records import document_of, insert_once, record_of

PRODUCTS = "products"
NAMESPACE = uuid.UUID("5b0c8a31-7f1e-5a52-9d64-0a4e6b7d2c19")
BY_CODE = [(KEY, 1), ("_id", 1)]
INDEXES = (Index(PRODUCTS, [("facets", 1), *BY_CODE]),)


class Products:
    """A product's id is derived from its code's key, so that two users who add it at once do not add two."""

    def __init__(self, documents: TenantCollection, company: str) -> None:
        self._documents = documents
        self._company = company

    def id_of(self, code: str) -> str:
        return uuid.uuid5(NAMESPACE, f"{self._company}:{product_key(code)}").hex

    def get(self, product_id: str) -> Product:
        """Raises NotFound("product_not_found")."""
        found = self._documents.find_one({"_id": product_id})
        if found is None:
            raise NotFound("product_not_found", "Produto não encontrado.", product_id=product_id)
        return record_of(found, Product)

    def of_ids(self, product_ids: Iterable[str]) -> dict[str, Product]:
        ids = sorted(set(product_ids))
        found = self._documents.find({"_id": {"$in": ids}}, [("_id", 1)], len(ids)) if ids else []
        return {document["_id"]: record_of(document, Product) for document in found}

    def of_codes(self, codes: Iterable[str]) -> dict[str, Product]:
        """The products by the given codes, however each is written."""
        ids = {code: self.id_of(code) for code in codes}
        found = self.of_ids(ids.values())
        return {code: found[product_id] for code, product_id in ids.items() if product_id in found}

    def add(self, product: Product) -> None:
        """Raises ConcurrentUpdate("version_changed") if another transaction just added it."""
        insert_once(self._documents, _document(product))

    def add_many(self, products: Sequence[Product]) -> None:
        self._documents.insert_many([_document(product) for product in products])

    def save(self, product: Product) -> None:
        self.save_many([product])

    def save_many(self, products: Sequence[Product]) -> None:
        """Raises ConcurrentUpdate("version_changed") if any of them was changed meanwhile."""
        for product in products:
            product.version += 1
        self._documents.replace_many([_document(product) for product in products])

    def page(self, facets: Sequence[str], limit: int, cursor: str | None) -> dict[str, Any]:
        """The products with all of the facets, by code."""
        having: Document = {"facets": {"$all": list(facets)} if len(facets) > 1 else facets[0]}
        found = self._documents.find({**having, **beyond(cursor, KEY, 1, word)}, BY_CODE, limit + 1)
        last = found[limit - 1] if len(found) > limit else None
        items = [record_of(document, Product) for document in found[:limit]]
        return {"items": items, "next_cursor": cursor_of(last[KEY], last["_id"]) if last else None}


def _document(product: Product) -> Document:
    return {**document_of(product), KEY: product.key, "facets": facets_of(product)}
