"""Of sales, too: what is billed and paid."""

from __future__ import annotations

from decimal import Decimal

from services.sales.contracts import model as contracts
from services.sales.contracts.model import Contract
from services.sales.receivables import model as receivables
from services.sales.receivables.model import OTHER, Payment, Receivable
from services.sales.shared.items import Basket
from tests.architecture.machines.driving import COMMON, NOW, TODAY, Machine, Samples, methods_of, one, when

BASKET = Basket.of([{"product": "P", "description": "Plano", "quantity": Decimal(1), "unit_price": Decimal(5)}], None)


def receivable() -> Machine:
    """Two payments of a half, and one of all, are enough to see all that becomes of it."""
    payments = [Payment(name, Decimal(worth), TODAY, OTHER, NOW, "u1", "Ana") for name, worth in (("a", 1), ("b", 2))]
    samples: Samples = {
        **COMMON, "payment": payments, "payment_id": ["a", "b"], "name": ["Ana"], "due_date": [TODAY],
        "amount": [Decimal(2)], "currency": ["BRL"], "description": [""],
    }  # fmt: skip
    return Machine(
        begin=("create", lambda _: Receivable("r1", "p1", "order", "o1", 1, 1, TODAY, Decimal(2), NOW)),
        steps=[*when(lambda record: len(record.payments) < 3, methods_of(Receivable, samples))],
        seen=one(lambda record: record.status),
        facts=lambda record: (record.status, *((one.id, one.reversed_at) for one in record.payments)),
        states=set(receivables.STATUSES),
    )


def contract() -> Machine:
    """The job ends a contract that is not stopped (contracts/billing.py)."""
    samples: Samples = {
        **COMMON, "basket": [BASKET], "kind": ["fixed"], "billing": ["billed"], "starts_on": [TODAY],
        "currency": ["BRL"], "due_day": [5], "bills_from": [None], "most": [1], "day": [TODAY],
    }  # fmt: skip
    driven = {"end", "begin_billing"}
    return Machine(
        begin=("create", lambda _: Contract("c1", 1, "p1", "external", "s1", BASKET, TODAY, NOW)),
        steps=[
            *methods_of(Contract, samples, apart=driven),
            *when(lambda record: record.status != contracts.STOPPED, [("end", lambda record: record.end("x", NOW))]),
        ],
        seen=one(lambda record: record.status),
        facts=lambda record: (record.status, record.next_due),
        states=set(contracts.CONTRACT_STATUSES),
    )
