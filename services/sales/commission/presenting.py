"""The commission account as it is answered, and whose account it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.chassis.errors import Invalid
from services.sales.commission.model import PRODUCT, Balance, Closing, Rate, entitled
from services.sales.products.presenting import named
from services.sales.session import SalesSession

Data = dict[str, Any]

CLOSES = "sales.supervise"


def seller(tx: SalesSession, person_id: str, field: str) -> str:
    """Who may earn commissions: the person's id, or the id it leads to.

    Raises NotFound("person_not_found"), Conflict("person_erased"), Invalid("seller_not_entitled") on `field`.
    """
    person = tx.persons.get(person_id)
    if not entitled(person.get("categories")):
        detail = "Só funcionários e representantes recebem comissão."
        raise Invalid("seller_not_entitled", detail, fields={field: [detail]})
    return str(person["_id"])


def present_closings(session: SalesSession, closings: list[Closing]) -> list[Data]:
    names = session.names.of(closing.person_id for closing in closings)
    return [{**vars(closing), "person_name": names.get(closing.person_id, "")} for closing in closings]


def present_rates(session: SalesSession, rates: list[Rate]) -> list[Data]:
    names = session.names.of(rate.person_id for rate in rates if rate.kind != PRODUCT)
    catalogue = session.products.of_codes({rate.product for rate in rates if rate.kind == PRODUCT})
    return [
        {
            **vars(rate),
            "person_name": names.get(rate.person_id, ""),
            "code": rate.product,
            "product": named(catalogue.get(rate.product)),
        }
        for rate in rates
    ]


def present_balances(session: SalesSession, balances: Mapping[str, Mapping[str, Balance]]) -> list[Data]:
    """By person, then by currency."""
    names = session.names.of(balances)
    return [
        {
            "person_id": person_id,
            "person_name": names.get(person_id, ""),
            "amounts": [_amounts(currency, balance) for currency, balance in sorted(found.items())],
        }
        for person_id, found in balances.items()
    ]


def _amounts(currency: str, balance: Balance) -> Data:
    return {
        "currency": currency,
        "pending": balance.pending,
        "payable": balance.open,
        "paid": balance.closed,
        "earned": balance.earned,
    }
