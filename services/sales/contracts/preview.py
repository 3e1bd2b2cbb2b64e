"""The billing preview as it appears in responses (row S17)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from services.chassis.errors import Invalid
from services.sales.contracts.model import Contract
from services.sales.contracts.periods import Charge

Data = dict[str, Any]

# The most charges of one contract: more than five years back and one ahead.
MOST_CHARGES = 100
MOST_DAYS_AHEAD = 366
# The most contracts in the totals.
MOST_ADDED = 5_000
Billed = tuple[Contract, list[Charge]]


def refuse_too_far(day: dt.date, today: dt.date) -> None:
    """Raises Invalid("day_too_far")."""
    if day > today + dt.timedelta(days=MOST_DAYS_AHEAD):
        detail = "A simulação alcança no máximo um ano depois de hoje."
        raise Invalid("day_too_far", detail, fields={"on": [detail]})


def charges_by_contract(
    day: dt.date, contracts: Sequence[Contract], persons: Mapping[str, Mapping[str, Any]]
) -> Iterator[Billed]:  # fmt: skip
    """Each contract with its charges until `day`; without contracts of erased persons."""
    for contract in contracts:
        if not persons.get(contract.person_id, {}).get("erased"):
            yield contract, contract.charges_until(day, MOST_CHARGES)


def present_billed(billed: Billed, name: str, today: dt.date) -> Data:
    contract, charges = billed
    return {
        "contract_id": contract.id,
        "contract_number": contract.number,
        "person_id": contract.person_id,
        "person_name": name,
        "charges": [{**vars(one), "late": one.due_date < today, "reason": _reason(one)} for one in charges],
    }


def totals_of(billed: Iterable[Billed]) -> list[Data]:
    """Contracts, charges and amount by currency."""
    found: dict[str, Data] = {}
    for _, charges in billed:
        for currency in {charge.currency for charge in charges}:
            amounts = [charge.amount for charge in charges if charge.currency == currency]
            total = found.setdefault(currency, {"contracts": 0, "charges": 0, "amount": Decimal("0.00")})
            total["contracts"] += 1
            total["charges"] += len(amounts)
            total["amount"] += sum(amounts)
    return [{"currency": currency, **total} for currency, total in sorted(found.items())]


def _reason(charge: Charge) -> str:
    year, month = charge.period.split("-")
    due, priced = f"{charge.due_date:%d/%m/%Y}", f"{charge.priced_on:%d/%m/%Y}"
    return f"Mensalidade de {month}/{year}, com vencimento em {due}, pelo valor informado em {priced}."
