"""A receivable as it is answered."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.sales.receivables.model import OPEN, Receivable
from services.sales.shared.external_ids import shown_source

Data = dict[str, Any]


def present_receivable(receivable: Receivable, day: dt.date) -> Data:
    source_id = shown_source(receivable.source_id)
    return {
        **vars(receivable),
        "source_id": source_id,
        "overdue": receivable.status == OPEN and receivable.due_date < day,
    }
