"""Amounts, dates, documents and addresses of answers as Brazilians write them; what is missing is an empty text.

Babel would write the same of our three currencies, in ten times the time and with 6 MB more in each worker.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from stdnum.br import cnpj, cpf

SYMBOLS = {"BRL": "R$", "USD": "US$", "EUR": "€"}
STATUS = {"in_approval": "Em aprovação", "approved": "Aprovada", "rejected": "Rejeitada", "void": "Substituída"}
SWAPPED = str.maketrans(",.", ".,")


def money(amount: str | Decimal | None, currency: str) -> str:
    """R$ 1.234,56; a price may have up to four decimals."""
    if amount is None:
        return ""
    value = Decimal(amount)
    places = max(2, -int(value.normalize().as_tuple().exponent))
    return f"{SYMBOLS.get(currency, currency)} {f'{value:,.{places}f}'.translate(SWAPPED)}"


def quantity(value: str) -> str:
    """1 and 2,5, without zeros that say nothing."""
    whole, _, part = f"{Decimal(value):,f}".partition(".")
    part = part.rstrip("0")
    return whole.translate(SWAPPED) + (f",{part}" if part else "")


def discount(given: dict[str, Any], currency: str) -> str:
    """As it was given: an amount or a percentage."""
    if Decimal(given.get("percent") or 0):
        return f"{quantity(given['percent'])}%"
    amount = given.get("amount")
    return money(amount, currency) if Decimal(amount or 0) else ""


def taken_off(basket: dict[str, Any]) -> Decimal | None:
    """The discount on the whole, in money; None where there is none."""
    return Decimal(basket["subtotal"]) - Decimal(basket["total"]) or None


def date(text: str | None) -> str:
    return dt.date.fromisoformat(text).strftime("%d/%m/%Y") if text else ""


def day_of(moment: str, zone: str) -> str:
    """A time's day, in the company's zone."""
    return dt.datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)).strftime("%d/%m/%Y")


def document(number: str | None) -> str:
    """CPF or CNPJ with its points."""
    if not number:
        return ""
    return str((cpf if len(number) == 11 else cnpj).format(number))


def address(person: dict[str, Any]) -> str:
    """The main one, else the first, on one line."""
    found = person.get("addresses") or []
    if not found:
        return ""
    one = next((address for address in found if address.get("kind") == "main"), found[0])
    street = ", ".join(filter(None, (one.get("street"), one.get("number"), one.get("complement"))))
    near = " - ".join(filter(None, (street, one.get("district"))))
    return ", ".join(filter(None, (near, f"{one['city']}/{one['state']}", one.get("postal_code"))))
