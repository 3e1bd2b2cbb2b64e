"""Receivables (títulos a receber): what a person owes, and when; paid at once or in parts (row S18).

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from services.chassis.errors import Conflict, Invalid, NotFound
from services.sales.shared.days import refuse_future
from services.sales.shared.money import ZERO
from services.sales.shared.who import Who

OPEN, PARTIALLY_SETTLED, SETTLED, CANCELLED = "open", "partially_settled", "settled", "cancelled"
STATUSES = (OPEN, PARTIALLY_SETTLED, SETTLED, CANCELLED)
# Of these something is still to be paid; of those money came in.
OWED = (OPEN, PARTIALLY_SETTLED)
RECEIVED = (PARTIALLY_SETTLED, SETTLED)
PIX, BOLETO, CASH, CARD, TRANSFER, CHEQUE, OTHER = "pix", "boleto", "cash", "card", "transfer", "cheque", "other"
WAYS = (PIX, BOLETO, CASH, CARD, TRANSFER, CHEQUE, OTHER)
MOST_PAYMENTS = 120
# The source of what a contract billed.
CONTRACT = "contract"


@dataclass(frozen=True)
class Payment:
    """`amount` is the money that came in: with `interest` that was asked beyond the debt, without a `discount` that was
    given. Once recorded it stays; taken back, it says when and by whom."""

    id: str
    amount: Decimal
    paid_on: dt.date
    way: str
    recorded_at: dt.datetime
    recorded_by: str
    recorded_by_name: str
    interest: Decimal = ZERO
    discount: Decimal = ZERO
    reversed_at: dt.datetime | None = None
    reversed_by: str | None = None
    reversed_by_name: str | None = None

    @property
    def settles(self) -> Decimal:
        """The part of the debt that it ends."""
        return self.amount - self.interest + self.discount


@dataclass
class Receivable:
    """`source` (order, contract or external) and `source_id` say what it came from; `instalment` counts from 1. Of a
    contract, which has no end, there are 0 `instalments`, and `period` is its month, as 2026-03. Payments in the order
    they were recorded.
    """

    id: str
    person_id: str
    source: str
    source_id: str
    instalment: int
    instalments: int
    due_date: dt.date
    amount: Decimal
    created_at: dt.datetime
    currency: str = "BRL"
    description: str = ""
    status: str = OPEN
    settled_at: dt.datetime | None = None
    payments: list[Payment] = field(default_factory=list)
    # by the payment's id; apart, because they are texts, which an erasure empties
    reversal_reasons: dict[str, str] = field(default_factory=dict)
    version: int = 1
    # of what was sold there: who does not see the attendance does not see this
    attendance_id: str | None = None
    period: str | None = None
    # one billed wrongly is withdrawn: its period may be billed again (contracts/commands.py)
    withdrawn_at: dt.datetime | None = None
    withdrawn_by: Who | None = None
    withdrawal_reason: str = ""
    billed_period: str | None = None

    @property
    def standing(self) -> list[Payment]:
        """Those that were not taken back."""
        return [payment for payment in self.payments if payment.reversed_at is None]

    @property
    def paid(self) -> Decimal:
        """All money that came in for it."""
        return sum((payment.amount for payment in self.standing), ZERO)

    @property
    def outstanding(self) -> Decimal:
        return self.amount - sum((payment.settles for payment in self.standing), ZERO)

    def overdue(self, today: dt.date) -> bool:
        return self.status in OWED and self.due_date < today

    def revise(self, due_date: dt.date, amount: Decimal, currency: str, description: str) -> None:
        """By the system that it came from; raises Conflict("receivable_not_open")."""
        self._must_be((OPEN,))
        self.due_date, self.amount, self.currency, self.description = due_date, amount, currency, description

    def settle(self, payment: Payment, today: dt.date) -> None:
        """Whole or in part. Raises Conflict("receivable_not_open", "payment_exceeds_outstanding" or
        "payments_too_many"), Invalid("date_future" or "payment_settles_nothing")."""
        self._must_be(OWED)
        refuse_future(payment.paid_on, today, "paid_on")
        if len(self.payments) >= MOST_PAYMENTS:
            raise Conflict("payments_too_many", f"Um título tem no máximo {MOST_PAYMENTS} pagamentos.")
        if payment.settles < ZERO or (not payment.settles and self.amount):
            detail = "O pagamento não quita nada do título: confira o valor, os juros e o desconto."
            raise Invalid("payment_settles_nothing", detail, fields={"amount": [detail]})
        if payment.settles > self.outstanding:
            detail = "O pagamento passa do que falta pagar; informe à parte os juros e multas."
            raise Conflict("payment_exceeds_outstanding", detail, outstanding=str(self.outstanding))
        self.payments.append(payment)
        self._restate(payment.recorded_at)

    def reverse(self, payment_id: str, reason: str, by: str, name: str, at: dt.datetime) -> Payment:
        """Takes a payment back; raises NotFound("payment_not_found") or Conflict("payment_reversed")."""
        payment = next((one for one in self.payments if one.id == payment_id), None)
        if payment is None:
            raise NotFound("payment_not_found", "Pagamento não encontrado.")
        if payment.reversed_at is not None:
            raise Conflict("payment_reversed", "Este pagamento já foi estornado.")
        taken_back = replace(payment, reversed_at=at, reversed_by=by, reversed_by_name=name)
        self.payments[self.payments.index(payment)] = taken_back
        self.reversal_reasons[payment_id] = reason
        self._restate(at)
        return taken_back

    def cancel(self) -> None:
        """With its order; one of which money was received stays."""
        if self.status == OPEN:
            self.status = CANCELLED

    def withdraw(self, reason: str, by: Who, at: dt.datetime) -> None:
        """It was billed wrongly, and is owed no more; its period is free. Raises Conflict("receivable_not_open")."""
        self._must_be((OPEN,))
        self.status = CANCELLED
        self.withdrawn_at, self.withdrawn_by, self.withdrawal_reason = at, by, reason
        self.billed_period, self.period = self.period, None

    def _restate(self, at: dt.datetime) -> None:
        if not self.standing:
            self.status = OPEN
        else:
            self.status = PARTIALLY_SETTLED if self.outstanding else SETTLED
        self.settled_at = at if self.status == SETTLED else None

    def _must_be(self, statuses: Sequence[str]) -> None:
        if self.status not in statuses:
            raise Conflict("receivable_not_open", "O título não está em aberto.", status=self.status)


def refuse_unwithdrawable(receivable: Receivable) -> None:
    """Raises Conflict("receivable_not_of_contract"): what an order made goes with it, another system's is its own."""
    if receivable.source != CONTRACT:
        detail = "Só um título cobrado por contrato é cancelado aqui; cancele a venda, ou no sistema de origem."
        raise Conflict("receivable_not_of_contract", detail, source=receivable.source)


def settled_before(receivable: Receivable, paid: Decimal, paid_on: dt.date, by: str, at: dt.datetime) -> None:
    """Settled by an earlier version, which knew one payment only, whole; what it was beyond the debt, or below, was
    interest or a discount."""
    more = paid - receivable.amount
    interest, discount = max(more, ZERO), max(-more, ZERO)
    receivable.payments = [Payment(receivable.id, paid, paid_on, OTHER, at, "", by, interest, discount)]
    receivable.settled_at = at
