"""A company's settings for its lists of attendances (rows A13, A17, A18). Pure: no framework, store or clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.chassis.errors import Invalid

COLUMNS = ("state", "reference", "subject", "contact_name", "value", "updated_at", "created_at")
MAX_DAYS = 365


@dataclass(frozen=True)
class Column:
    name: str
    visible: bool


@dataclass
class Settings:
    """`columns` in their order; days are calendar days in the company's time zone."""

    columns: tuple[Column, ...] = tuple(Column(name, True) for name in COLUMNS)
    production_type_id: str | None = None
    critical_overdue_days: int = 5
    near_due_days: int = 2
    version: int = 0

    def change(self, fields: Mapping[str, Any]) -> None:
        """Sets the given fields only; raises Invalid("columns_invalid")."""
        for name, value in fields.items():
            setattr(self, name, columns_of(value) if name == "columns" else value)


def columns_of(data: Iterable[Mapping[str, Any]]) -> tuple[Column, ...]:
    """All columns in order; those not in `data` come last, hidden.

    Raises Invalid("columns_invalid") for an unknown or repeated column, or where none is visible.
    """
    listed = tuple(Column(column["name"], column["visible"]) for column in data)
    names = [column.name for column in listed]
    if len(set(names)) < len(names) or not set(names) <= set(COLUMNS) or not any(column.visible for column in listed):
        detail = f"Informe cada coluna uma vez, ao menos uma visível. Colunas: {', '.join(COLUMNS)}."
        raise Invalid("columns_invalid", detail, fields={"columns": [detail]})
    return (*listed, *(Column(name, False) for name in COLUMNS if name not in names))
