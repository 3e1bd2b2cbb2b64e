"""Finding what is set for a product by its code, however that is written (shared/product_codes.py)."""

from __future__ import annotations

from collections.abc import Iterable

from services.chassis.storage.derived_fields import Derived
from services.chassis.storage.rows import Document, Keys
from services.chassis.storage.tenant import TenantCollection
from services.sales.shared.product_codes import product_key, spelled_alike

KEY = "code_key"
# By this the previous version finds them; written until the next one.
KEY_BEFORE = "product_key"
# Codes that were two before they were compared by key: each keeps what is set for it.
MOST_SPELLINGS = 20


def keyed(collection: str) -> Derived:
    """Documents from before the key get it at the service's start."""
    return Derived(collection, KEY, "product", product_key)


def with_key(document: Document) -> Document:
    code = document["product"]
    return {**document, KEY: product_key(code), KEY_BEFORE: spelled_alike(code)}


def found_by_code(
    documents: TenantCollection, codes: Iterable[str], order: Keys, **where: str
) -> dict[str, Document]:  # fmt: skip
    """By the codes asked for, those of which there is something: what bears the very code, else the first in order."""
    keys = {code: product_key(code) for code in codes}
    wanted = sorted(set(keys.values()))
    asked = {**where, KEY: {"$in": wanted}}
    rows = documents.find(asked, [(KEY, 1), *order], MOST_SPELLINGS * len(wanted)) if wanted else []
    found: dict[str, Document] = {}
    for code, key in keys.items():
        same = [row for row in rows if row[KEY] == key]
        if same:
            found[code] = next((row for row in same if row["product"] == code), same[0])
    return found
