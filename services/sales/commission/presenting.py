"""Commission accounts as they appear in responses, and who may have one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.chassis.errors import Invalid
from services.sales.commission.model import PRODUCT, Balance, Closing, Rate, may_earn_commission
from services.sales.products.presenting import product_reference
from services.sales.session import SalesSession

Data = dict[str, Any]

# The permission to close accounts, and so to see those of others.
CLOSES = "sales.supervise"


def require_seller(tx: SalesSession, person_id: str, field: str) -> str:
    """The id of a person who may earn commissions; a merged id is resolved.

    Raises NotFound("person_not_found"), Conflict("person_erased"), Invalid("seller_not_entitled") on `field`.
    """
    person = tx.persons.get(person_id)
    if not may_earn_commission(person.get("categories")):
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
            "product": product_reference(catalogue.get(rate.product)),
        }
        for rate in rates
    ]


def present_balances(session: SalesSession, balances: Mapping[str, Mapping[str, Balance]]) -> list[Data]:
    """Balances by person id, then by currency, as the fields of contract.CommissionBalance."""
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
