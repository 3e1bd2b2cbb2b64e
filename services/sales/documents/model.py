"""What was sent of a quote or an opportunity: which version, to whom, by whom (rows S12, S23).

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Sending:
    """Written once. `number`: of the quote's version; none of a visit sheet. `recipients`: e-mail addresses."""

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
