"""Receivables (títulos a receber): an amount that a person owes on a day, and its payments (row S18).

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
# The statuses with something still to be paid; those with a payment.
OWED = (OPEN, PARTIALLY_SETTLED)
RECEIVED = (PARTIALLY_SETTLED, SETTLED)
PIX, BOLETO, CASH, CARD, TRANSFER, CHEQUE, OTHER = "pix", "boleto", "cash", "card", "transfer", "cheque", "other"
WAYS = (PIX, BOLETO, CASH, CARD, TRANSFER, CHEQUE, OTHER)
MOST_PAYMENTS = 120
# The `source` of a contract's receivables.
CONTRACT = "contract"


@dataclass(frozen=True)
class Payment:
    """`amount`: the money received, which includes `interest` beyond the debt and excludes the `discount` given.

    A payment is never deleted; one that is taken back has `reversed_at` and `reversed_by`.
    """

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
        """The part of the debt that it pays."""
        return self.amount - self.interest + self.discount


@dataclass
class Receivable:
    """`source` (order, contract or external) and `source_id`: where it comes from. `instalment` counts from 1.

    A contract's receivables have `instalments` 0 and the `period` billed (2026-03). `payments`: in the order they were
    recorded. Once withdrawn, its period moves to `billed_period`, so that the period may be billed again.
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
    # by payment id; apart from the payments, because an erasure empties texts
    reversal_reasons: dict[str, str] = field(default_factory=dict)
    version: int = 1
    # where it was sold: a user who may not see the attendance may not see the receivable
    attendance_id: str | None = None
    period: str | None = None
    # set when it is withdrawn, because it was billed wrongly
    withdrawn_at: dt.datetime | None = None
    withdrawn_by: Who | None = None
    withdrawal_reason: str = ""
    billed_period: str | None = None

    @property
    def active_payments(self) -> list[Payment]:
        """The payments that were not taken back."""
        return [payment for payment in self.payments if payment.reversed_at is None]

    @property
    def paid(self) -> Decimal:
        """All money received for it."""
        return sum((payment.amount for payment in self.active_payments), ZERO)

    @property
    def outstanding(self) -> Decimal:
        return self.amount - sum((payment.settles for payment in self.active_payments), ZERO)

    def overdue(self, today: dt.date) -> bool:
        return self.status in OWED and self.due_date < today

    def revise(self, due_date: dt.date, amount: Decimal, currency: str, description: str) -> None:
        """New values from the system it comes from; raises Conflict("receivable_not_open")."""
        self._must_be((OPEN,))
        self.due_date, self.amount, self.currency, self.description = due_date, amount, currency, description

    def settle(self, payment: Payment, today: dt.date) -> None:
        """Adds a payment. Raises Conflict("receivable_not_open", "payment_exceeds_outstanding" or
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
        reversed_payment = replace(payment, reversed_at=at, reversed_by=by, reversed_by_name=name)
        self.payments[self.payments.index(payment)] = reversed_payment
        self.reversal_reasons[payment_id] = reason
        self._restate(at)
        return reversed_payment

    def cancel(self) -> None:
        """Cancels it with its order, unless it has payments."""
        if self.status == OPEN:
            self.status = CANCELLED

    def withdraw(self, reason: str, by: Who, at: dt.datetime) -> None:
        """Cancels one that was billed wrongly, and frees its period; raises Conflict("receivable_not_open")."""
        self._must_be((OPEN,))
        self.status = CANCELLED
        self.withdrawn_at, self.withdrawn_by, self.withdrawal_reason = at, by, reason
        self.billed_period, self.period = self.period, None

    def _restate(self, at: dt.datetime) -> None:
        if not self.active_payments:
            self.status = OPEN
        else:
            self.status = PARTIALLY_SETTLED if self.outstanding else SETTLED
        self.settled_at = at if self.status == SETTLED else None

    def _must_be(self, statuses: Sequence[str]) -> None:
        if self.status not in statuses:
            raise Conflict("receivable_not_open", "O título não está em aberto.", status=self.status)


def refuse_unwithdrawable(receivable: Receivable) -> None:
    """Raises Conflict("receivable_not_of_contract"): others are cancelled with their order, or in their system."""
    if receivable.source != CONTRACT:
        detail = "Só um título cobrado por contrato é cancelado aqui; cancele a venda, ou no sistema de origem."
        raise Conflict("receivable_not_of_contract", detail, source=receivable.source)


def restore_single_payment(receivable: Receivable, paid: Decimal, paid_on: dt.date, by: str, at: dt.datetime) -> None:
    """Adds the payment that an earlier version stored in the receivable itself.

    That version knew one payment, which settled all; the difference from the debt is interest or a discount.
    """
    excess = paid - receivable.amount
    interest, discount = max(excess, ZERO), max(-excess, ZERO)
    receivable.payments = [Payment(receivable.id, paid, paid_on, OTHER, at, "", by, interest, discount)]
    receivable.settled_at = at
