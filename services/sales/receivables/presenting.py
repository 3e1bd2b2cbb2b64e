"""A receivable as it is answered, with its payments."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.sales.receivables.model import Payment, Receivable
from services.sales.shared.external_ids import shown_source

Data = dict[str, Any]


def present_receivable(receivable: Receivable, day: dt.date) -> Data:
    return {
        **vars(receivable),
        "source_id": shown_source(receivable.source_id),
        "instalments": receivable.instalments or None,
        "period": receivable.period or receivable.billed_period,
        "withdrawal": _withdrawal(receivable),
        "overdue": receivable.overdue(day),
        "paid": receivable.paid,
        "outstanding": receivable.outstanding,
        "payments": [_payment(one, receivable.reversal_reasons.get(one.id, "")) for one in receivable.payments],
    }


def _withdrawal(receivable: Receivable) -> Data | None:
    if receivable.withdrawn_at is None:
        return None
    return {"at": receivable.withdrawn_at, "by": receivable.withdrawn_by, "reason": receivable.withdrawal_reason}


def _payment(payment: Payment, reason: str) -> Data:
    by = {"id": payment.recorded_by, "name": payment.recorded_by_name}
    reversal = None
    if payment.reversed_at is not None:
        who = {"id": payment.reversed_by, "name": payment.reversed_by_name}
        reversal = {"at": payment.reversed_at, "by": who, "reason": reason}
    return {**vars(payment), "settles": payment.settles, "recorded_by": by, "reversal": reversal}
