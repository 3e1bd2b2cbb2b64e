"""NF-e with their documents, and what a company sets for them: issuer, products' fiscal data, certificate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pymongo.errors import DuplicateKeyError

from services.chassis.errors import Conflict, NotFound, Overtaken
from services.chassis.mongo import Document, Index, TenantCollection
from services.chassis.pages import after, cursor_of, page, read_cursor, word
from services.sales.domain.codes import product_key
from services.sales.domain.nfe.nfe import Nfe
from services.sales.domain.nfe.settings import FiscalProduct, FiscalSettings
from services.sales.store.products import KEY, found_by_code, keyed, with_key
from services.sales.store.records import document_of, fields_of, record_of

NEWEST = [("requested_at", -1), ("_id", -1)]
# An order's documents: the cancelled ones before the last.
MOST_ATTEMPTS = 50
PAGE = 100
LAST_CHANGED = [("version", -1), ("_id", 1)]
WORKS = "nfe_works"

INDEXES = (
    Index("nfes", [("order_id", 1), ("attempt", 1)], unique=True),
    Index("nfes", NEWEST),
    Index("nfes", [("status", 1), *NEWEST]),
    Index("nfe_documents", [("nfe_id", 1), ("at", -1), ("_id", -1)]),
    Index("fiscal_products", [("_id", 1)]),
    Index("fiscal_products", [("product", 1), ("_id", 1)]),
    Index("fiscal_products", [(KEY, 1), *LAST_CHANGED]),
)
DERIVED = keyed("fiscal_products")


class Nfes:
    def __init__(self, documents: TenantCollection, parts: TenantCollection) -> None:
        self._documents = documents
        self._parts = parts

    def get(self, nfe_id: str) -> Nfe:
        """Raises NotFound("nfe_not_found")."""
        found = self._documents.seen.find_one({"_id": nfe_id})
        if found is None:
            raise NotFound("nfe_not_found", "NF-e não encontrada.")
        return record_of(found, Nfe)

    def add(self, nfe: Nfe) -> None:
        """Raises Conflict("nfe_exists") when somebody asked for the order's document at the same time."""
        try:
            self._documents.insert(document_of(nfe))
        except DuplicateKeyError as error:
            raise Conflict("nfe_exists", "Esta venda já tem NF-e.") from error

    def save(self, nfe: Nfe) -> None:
        nfe.version += 1
        self._documents.replace(document_of(nfe))

    def of_order(self, order_id: str) -> Nfe | None:
        """The last one asked for."""
        return self.of_orders([order_id]).get(order_id)

    def of_orders(self, order_ids: Iterable[str]) -> dict[str, Nfe]:
        """The last one of each order."""
        ids = sorted(set(order_ids))
        order = [("order_id", 1), ("attempt", 1)]
        found = self._documents.find({"order_id": {"$in": ids}}, order, MOST_ATTEMPTS * len(ids)) if ids else []
        return {document["order_id"]: record_of(document, Nfe) for document in found}

    def page(self, status: str | None, limit: int, cursor: str | None) -> dict[str, Any]:
        """Of the company, newest first."""
        where = {**({"status": status} if status else {}), **after(cursor, "requested_at")}
        found = self._documents.seen.find(where, NEWEST, limit + 1)
        return page(found, limit, "requested_at", lambda document: record_of(document, Nfe))

    def of_person(self, person_id: str) -> list[Nfe]:
        """All of them, newest first."""
        found: list[Document] = []
        while True:
            last = found[-1] if found else None
            where = {
                "person_id": person_id,
                **(after(cursor_of(last["requested_at"], last["_id"]), "requested_at") if last else {}),
            }
            more = self._documents.find(where, NEWEST, PAGE)
            found += more
            if len(more) < PAGE:
                return [record_of(document, Nfe) for document in found]

    def forget(self, nfe: Nfe) -> None:
        """Its documents go."""
        self._parts.delete_many({"nfe_id": nfe.id})

    def keep(self, nfe: Nfe, kind: str, xml: str, at: Any) -> None:
        """One of its documents: `nfe`, then `protocol`, then `cancellation`."""
        self._parts.put({"_id": f"{nfe.id}:{kind}", "nfe_id": nfe.id, "kind": kind, "xml": xml, "at": at})

    def kept(self, nfe_id: str, kind: str) -> str:
        found = self._parts.find_one({"_id": f"{nfe_id}:{kind}"})
        return str(found["xml"]) if found else ""


class FiscalConfiguration:
    """Of one company. The certificate is kept sealed (fiscal/certificate.py), with what may be told of it."""

    def __init__(
        self, documents: TenantCollection, products: TenantCollection, numbers: TenantCollection, company: str
    ) -> None:
        self._documents = documents
        self._products = products
        self._numbers = numbers
        self._company = company

    def settings(self) -> FiscalSettings:
        found = self._documents.find_one({"_id": self._id("settings")})
        return record_of(found, FiscalSettings) if found else FiscalSettings()

    def save_settings(self, settings: FiscalSettings) -> FiscalSettings:
        self._write(self._documents, self._id("settings"), fields_of(settings))
        return replace(settings, version=settings.version + 1)

    def product(self, product: str) -> FiscalProduct:
        """The one that the code finds, under the code that it was first given; a new one where there is none."""
        return self.products([product]).get(product, FiscalProduct(product))

    def products(self, codes: Iterable[str]) -> dict[str, FiscalProduct]:
        """By the codes asked for, those that have one; a code is compared as domain/codes.py says."""
        found = found_by_code(self._products, codes, LAST_CHANGED)
        return {code: record_of(document, FiscalProduct) for code, document in found.items()}

    def save_product(self, product: FiscalProduct) -> FiscalProduct:
        """What `product` gave, changed. The id is the key, so that two who set it at once do not make two."""
        code = product.product
        known = found_by_code(self._products, [code], LAST_CHANGED).get(code)
        record_id = known["_id"] if known else self._id(product_key(code))
        self._write(self._products, record_id, with_key(fields_of(product)))
        return replace(product, version=product.version + 1)

    def page_of_products(self, limit: int, cursor: str | None) -> dict[str, Any]:
        """By code."""
        code = read_cursor(cursor, word)[0] if cursor else None
        where: Document = {"product": {"$gt": code}} if code is not None else {}
        found = self._products.find(where, [("product", 1), ("_id", 1)], limit + 1)
        following = cursor_of(found[limit - 1]["product"]) if len(found) > limit else None
        return {"items": [record_of(document, FiscalProduct) for document in found[:limit]], "next_cursor": following}

    def last_number(self, environment: str, series: int | None) -> int | None:
        """The last one taken in the series; None where the company has not said with which one it begins."""
        found = self._numbers.find_one({"_id": self._id(_counter(environment, series))})
        return int(found["value"]) if found else None

    def begin_numbers(self, environment: str, series: int | None, next_number: int) -> None:
        """Raises Conflict: nfe_number_used for one that was taken, nfe_series_missing without a series."""
        if series is None:
            raise Conflict("nfe_series_missing", "Informe a série antes do próximo número.")
        last = self.last_number(environment, series)
        if last is not None and next_number <= last:
            detail = f"A série já chegou ao número {last}; informe um maior."
            raise Conflict("nfe_number_used", detail, last_number=last)
        self._numbers.put({"_id": self._id(_counter(environment, series)), "value": next_number - 1})

    def next_number(self, environment: str, series: int) -> int:
        """Taken in the transaction, or not at all: a series has no gaps."""
        return self._numbers.next_numbers(_counter(environment, series))[0]

    def certificate(self) -> Document | None:
        return self._documents.find_one({"_id": self._id("certificate")})

    def put_certificate(self, sealed: str, shown: Document) -> None:
        self._documents.put({"_id": self._id("certificate"), "sealed": sealed, "shown": shown})

    def remove_certificate(self) -> None:
        self._documents.delete({"_id": self._id("certificate")})

    def _write(self, documents: TenantCollection, record_id: str, record: Document) -> None:
        """The next version; raises Overtaken("version_changed") when another writer was first."""
        document = {"_id": record_id, **record, "version": record["version"] + 1}
        if record["version"]:
            documents.replace(document)
        else:
            try:
                documents.insert(document)
            except DuplicateKeyError as error:
                raise Overtaken("version_changed", "O registro foi alterado por outra pessoa.") from error

    def _id(self, name: str) -> str:
        return f"{self._company}:{name}"


def _counter(environment: str, series: int | None) -> str:
    return f"nfe:{environment}:{series}"
