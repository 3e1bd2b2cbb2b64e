"""Products: the catalogue that quotes, orders, contracts, commission rates and attendances name (row S24).

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from services.chassis.errors import Conflict
from services.sales.shared.items import BY_SALE, GOODS
from services.sales.shared.product_codes import product_key
from services.sales.shared.who import Who

ACTIVE, INACTIVE = PRODUCT_STATES = ("active", "inactive")
ADDED, CHANGED, UNCHANGED, REFUSED = OUTCOMES = ("added", "changed", "unchanged", "refused")


@dataclass(frozen=True)
class Fiscal:
    """The fiscal data for NF-e. `cfop`: within the state; `cfop_interstate`: to other states."""

    ncm: str = ""
    cfop: str = ""
    cfop_interstate: str = ""
    origin: str = ""
    csosn: str = ""
    gtin: str = ""


@dataclass
class Product:
    """`code` never changes, and is compared by shared/product_codes.py. Without a `price`, each sale must give one.

    `surplus_rule`: one of items.SURPLUS_RULES. `recurring`: charged every month. An inactive product cannot be sold.
    """

    id: str
    code: str
    description: str
    created_at: dt.datetime
    created_by: Who
    unit: str = ""
    price: Decimal | None = None
    currency: str = "BRL"
    kind: str = GOODS
    recurring: bool = False
    surplus_rule: str = BY_SALE
    active: bool = True
    fiscal: Fiscal = field(default_factory=Fiscal)
    changed_at: dt.datetime | None = None
    changed_by: Who | None = None
    version: int = 1

    @property
    def key(self) -> str:
        return product_key(self.code)

    @property
    def state(self) -> str:
        return ACTIVE if self.active else INACTIVE

    def change(self, data: Mapping[str, Any], by: Who, at: dt.datetime) -> bool:
        """Sets the given fields, in `fiscal` too; False if nothing changes."""
        if not self.differs(data):
            return False
        for name, value in self._new(data).items():
            setattr(self, name, value)
        self.changed_by, self.changed_at = by, at
        return True

    def differs(self, data: Mapping[str, Any]) -> bool:
        return any(getattr(self, name) != value for name, value in self._new(data).items())

    def _new(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {**data, "fiscal": replace(self.fiscal, **data.get("fiscal") or {})}

    def deactivate(self, by: Who, at: dt.datetime) -> None:
        """Raises Conflict("product_inactive")."""
        self.must_be_active()
        self.change({"active": False}, by, at)

    def activate(self, by: Who, at: dt.datetime) -> None:
        """Raises Conflict("product_active")."""
        if self.active:
            raise Conflict("product_active", "O produto já está ativo.")
        self.change({"active": True}, by, at)

    def must_be_active(self) -> None:
        """Raises Conflict("product_inactive")."""
        if not self.active:
            detail = f"O produto {self.code} está inativo."
            raise Conflict("product_inactive", detail, product_id=self.id, product_code=self.code)


def refuse_second(known: Product | None) -> None:
    """Raises Conflict("product_exists")."""
    if known is not None:
        detail = f"O código é o do produto {known.code} ({known.description})."
        raise Conflict("product_exists", detail, product_id=known.id, product_code=known.code)
