"""Writes a person as the cells of an export, which spreadsheets neither run nor round, and an import reads back.

No framework, no store, no clock.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from stdnum.br import cnpj, cpf

from services.chassis.phones import Phone, format_phone, read_phone
from services.chassis.spreadsheets import protect
from services.people.imports.model.columns import EXPORTED
from services.people.imports.model.naming import Names
from services.people.persons.model.person import Person

BEFORE_DASH = 3


def to_cells(person: Person, names: Names) -> list[str]:
    """The cells in the order of EXPORTED; `names`: of the company's categories and characteristics."""
    address: dict[str, Any] = next((item for item in person.addresses if item["kind"] == "main"), {})
    written = {
        "document": _document(person.document),
        "state_registration": _registration(person.state_registration),
        "categories": names.categories.written(person.categories),
        "characteristics": names.characteristics.written(person.characteristics),
        "emails": "; ".join(str(item["address"]) for item in _main_first(person.emails)),
        "phones": "; ".join(map(_phone, _main_first(person.phones))),
        "other_addresses": _json(_without(("id", "main"), (item for item in person.addresses if item is not address))),
        # An import numbers addresses anew, so a contact's address cannot be exported.
        "contacts": _json(_without(("id", "address_id"), person.contacts)),
        **{f"address.{part}": value for part, value in address.items()},
    }
    texts = (written.get(column.field, getattr(person, column.field, "")) for column in EXPORTED)
    return [protect("" if text is None else str(text)) for text in texts]


def _without(names: tuple[str, ...], items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: value for key, value in item.items() if key not in names} for item in items]


def _document(document: str | None) -> str:
    """A CPF or CNPJ with its punctuation: a spreadsheet would read the digits as a number and drop leading zeros."""
    if not document:
        return ""
    return str(cpf.format(document) if len(document) == 11 else cnpj.format(document))


def _registration(number: str | None) -> str:
    """A state registration with a dash: a spreadsheet would read the digits as a number and round long ones."""
    if not number or not number.isdigit():
        return number or ""
    return f"{number[:-BEFORE_DASH]}-{number[-BEFORE_DASH:]}"


def _phone(item: dict[str, Any]) -> str:
    """A phone as people write it, or in E.164 where that form would be read back as another number."""
    number, extension = item["number"], item.get("extension") or ""
    written = format_phone(number, extension)
    if read_phone(written) == Phone(number, extension):
        return written
    return f"{number} ramal {extension}" if extension else str(number)


def _main_first(items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(items, key=lambda item: not item["main"])


def _json(items: list[dict[str, Any]]) -> str:
    return json.dumps(items, ensure_ascii=False) if items else ""
