"""Writes amounts, dates, documents and addresses in Brazilian form; a missing value becomes an empty text.

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
    """An amount as "R$ 1.234,56", with at least two decimals; a price may have up to four."""
    if amount is None:
        return ""
    value = Decimal(amount)
    places = max(2, -int(value.normalize().as_tuple().exponent))
    return f"{SYMBOLS.get(currency, currency)} {f'{value:,.{places}f}'.translate(SWAPPED)}"


def quantity(value: str) -> str:
    """A quantity as "1" or "2,5", without trailing zeros."""
    whole, _, part = f"{Decimal(value):,f}".partition(".")
    part = part.rstrip("0")
    return whole.translate(SWAPPED) + (f",{part}" if part else "")


def discount(value: dict[str, Any], currency: str) -> str:
    """A discount in the form in which it was given: an amount or a percentage; "" for none."""
    if Decimal(value.get("percent") or 0):
        return f"{quantity(value['percent'])}%"
    amount = value.get("amount")
    return money(amount, currency) if Decimal(amount or 0) else ""


def taken_off(basket: dict[str, Any]) -> Decimal | None:
    """The discount on the whole, in money; None where there is none."""
    return Decimal(basket["subtotal"]) - Decimal(basket["total"]) or None


def date(text: str | None) -> str:
    return dt.date.fromisoformat(text).strftime("%d/%m/%Y") if text else ""


def day_of(moment: str, zone: str) -> str:
    """The day (dd/mm/yyyy) of an ISO time in the time zone `zone`."""
    return dt.datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)).strftime("%d/%m/%Y")


def document(number: str | None) -> str:
    """A CPF or CNPJ with its punctuation."""
    if not number:
        return ""
    return str((cpf if len(number) == 11 else cnpj).format(number))


def address(person: dict[str, Any]) -> str:
    """The person's main address, else the first one, on one line; "" for none."""
    addresses = person.get("addresses") or []
    if not addresses:
        return ""
    one = next((address for address in addresses if address.get("kind") == "main"), addresses[0])
    street = ", ".join(filter(None, (one.get("street"), one.get("number"), one.get("complement"))))
    near = " - ".join(filter(None, (street, one.get("district"))))
    place = "/".join(filter(None, (one["city"], one["state"])))
    return ", ".join(filter(None, (near, place, one.get("postal_code"))))
