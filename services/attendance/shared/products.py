"""The company's catalogue as sales announces it: what an attendance may be about (rows A7, S24)."""

from __future__ import annotations

from typing import Any

from services.attendance.session import AttendanceSession
from services.chassis.errors import Conflict


def find_subject_product(tx: AttendanceSession, data: dict[str, Any]) -> tuple[str | None, str | None]:
    """The product's name, and its id in the catalogue; `data` gives a name or an id. None for what is not given.

    Raises NotFound("product_not_found"), Conflict("product_inactive").
    """
    if not data["product_id"]:
        return data["product"], None
    found = tx.products.get(data["product_id"])
    if not found["active"]:
        raise Conflict("product_inactive", f"O produto {found['code']} está inativo.", product_id=found["_id"])
    return str(found["description"])[:150], str(found["_id"])
