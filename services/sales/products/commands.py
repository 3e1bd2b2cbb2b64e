"""Changing the catalogue: one product, or a file of products (row S24)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.errors import Invalid
from services.chassis.handling.entrypoints import command
from services.sales.products import contract
from services.sales.products.importing import Import, Line
from services.sales.products.model import ADDED, CHANGED, OUTCOMES, REFUSED, Fiscal, Product, refuse_second
from services.sales.products.presenting import announce, present_product
from services.sales.session import SalesSession
from services.sales.shared.users import acting_user

Data = dict[str, Any]

# The most lines that a refusal lists.
MOST_LISTED = 100


@command(takes=contract.AddProduct, gives=contract.Product, needs="sales.configure", section=CONFIGURATION)
def add_product(tx: SalesSession, data: Data) -> Data:
    """Raises Conflict("product_exists") if a product has the same code (shared/product_codes.py)."""
    refuse_second(tx.products.of_codes([data["code"]]).get(data["code"]))
    [product] = _new_products(tx, [data])
    tx.products.add(product)
    return _announce_and_present(tx, product)


@command(takes=contract.ChangeProduct, gives=contract.Product, needs="sales.configure", section=CONFIGURATION)
def change_product(tx: SalesSession, data: Data) -> Data:
    """Items sold before keep their copies. Raises NotFound("product_not_found")."""
    product = tx.products.get(data.pop("product_id"))
    if not product.change(data, acting_user(tx), tx.now):
        return present_product(product)
    tx.products.save(product)
    return _announce_and_present(tx, product)


@command(takes=contract.OneProduct, gives=contract.Product, needs="sales.configure", section=CONFIGURATION)
def deactivate_product(tx: SalesSession, data: Data) -> Data:
    """The product cannot be sold any more; raises NotFound("product_not_found"), Conflict("product_inactive")."""
    return _switch(tx, data, lambda product: product.deactivate(acting_user(tx), tx.now))


@command(takes=contract.OneProduct, gives=contract.Product, needs="sales.configure", section=CONFIGURATION)
def activate_product(tx: SalesSession, data: Data) -> Data:
    """Raises NotFound("product_not_found"), Conflict("product_active")."""
    return _switch(tx, data, lambda product: product.activate(acting_user(tx), tx.now))


@command(takes=contract.ImportProducts, gives=contract.ImportedProducts, needs="sales.configure", section=CONFIGURATION)
def import_products(tx: SalesSession, data: Data) -> Data:
    """Imports the whole file or nothing. Raises Invalid: import_file_unreadable, import_columns_missing,
    import_too_long, and, unless it is a dry run, products_import_refused with the lines."""
    read = Import.of(data["file"])
    known = tx.products.of_codes([line.code for line in read.lines if line.code])
    for line in read.lines:
        line.settle(known.get(line.code), data["existing"] == "skip")
    if not data["dry_run"]:
        _refuse_faulty(read)
        _write(tx, read, known)
    counts = {outcome: sum(line.outcome == outcome for line in read.lines) for outcome in OUTCOMES}
    return {"dry_run": data["dry_run"], "columns": read.columns, "counts": counts, "lines": read.lines}


def _refuse_faulty(read: Import) -> None:
    refused = [line for line in read.lines if line.outcome == REFUSED]
    if refused:
        detail = f"Nada foi importado: {len(refused)} de {len(read.lines)} linhas têm erro."
        lines = [{"line": line.line, "reasons": line.reasons} for line in refused[:MOST_LISTED]]
        raise Invalid("products_import_refused", detail, lines=lines, refused=len(refused))


def _write(tx: SalesSession, read: Import, known: dict[str, Product]) -> None:
    added = _new_products(tx, [line.data for line in read.lines if line.outcome == ADDED])
    changed = [known[line.code] for line in read.lines if line.outcome == CHANGED and _change(tx, known, line)]
    tx.products.add_many(added)
    tx.products.save_many(changed)
    announce(tx, [*added, *changed], tx.new_id(), 1)


def _change(tx: SalesSession, known: dict[str, Product], line: Line) -> bool:
    return known[line.code].change(line.changes, acting_user(tx), tx.now)


def _new_products(tx: SalesSession, all_data: Sequence[Data]) -> list[Product]:
    """New products, each with the fiscal data that an earlier version stored for its code."""
    before = tx.fiscal.legacy_data_of(data["code"] for data in all_data)
    return [_new_product(tx, data, before.get(data["code"], {})) for data in all_data]


def _new_product(tx: SalesSession, data: Data, before: Data) -> Product:
    given = {**data, "fiscal": {**before, **(data.get("fiscal") or {})}}
    unit = given["fiscal"].pop("unit", "")
    made = Product(
        tx.products.id_of(data["code"]), created_at=tx.now, created_by=acting_user(tx), **{"unit": unit, **given}
    )
    made.fiscal = Fiscal(**given["fiscal"])
    return made


def _switch(tx: SalesSession, data: Data, turn: Callable[[Product], None]) -> Data:
    product = tx.products.get(data["product_id"])
    turn(product)
    tx.products.save(product)
    return _announce_and_present(tx, product)


def _announce_and_present(tx: SalesSession, product: Product) -> Data:
    announce(tx, [product], product.id, product.version)
    return present_product(product)
