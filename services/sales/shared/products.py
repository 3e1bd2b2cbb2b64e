"""Collections with one document a product code, found by the code's key (shared/product_codes.py)."""

from __future__ import annotations

from collections.abc import Iterable

from services.chassis.storage.derived_fields import Derived
from services.chassis.storage.rows import Document, Keys
from services.chassis.storage.tenant import TenantCollection
from services.sales.shared.product_codes import product_key, spelled_alike

KEY = "code_key"
# The key of the previous version, written as long as that may run beside this one.
KEY_BEFORE = "product_key"
# The most documents with one key: codes that an earlier version took for different ones.
MOST_SPELLINGS = 20


def keyed(collection: str) -> Derived:
    """Adds the key to documents of earlier versions when the service starts."""
    return Derived(collection, KEY, "product", product_key)


def with_key(document: Document) -> Document:
    code = document["product"]
    return {**document, KEY: product_key(code), KEY_BEFORE: spelled_alike(code)}


def found_by_code(
    documents: TenantCollection, codes: Iterable[str], order: Keys, **where: str
) -> dict[str, Document]:  # fmt: skip
    """The documents by the given codes: one with exactly that code, else the first in `order` with the same key."""
    keys = {code: product_key(code) for code in codes}
    wanted = sorted(set(keys.values()))
    filter_ = {**where, KEY: {"$in": wanted}}
    rows = documents.find(filter_, [(KEY, 1), *order], MOST_SPELLINGS * len(wanted)) if wanted else []
    found: dict[str, Document] = {}
    for code, key in keys.items():
        same = [row for row in rows if row[KEY] == key]
        if same:
            found[code] = next((row for row in same if row["product"] == code), same[0])
    return found
