"""Sendings: a quote or a visit sheet that was e-mailed (rows S12, S23).

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Sending:
    """Never changed. `number`: of the quote's version; None for a visit sheet. `recipients`: e-mail addresses."""

    id: str
    kind: str
    person_id: str
    attendance_id: str
    opportunity_id: str | None
    quote_id: str | None
    number: int | None
    template_id: str
    template_name: str
    subject: str
    recipients: tuple[str, ...]
    sent_by: str
    author_name: str
    sent_at: dt.datetime
