"""The answers of the tax authority: its codes (cStat) by their meaning for a document (MOC, annex of codes).

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

AUTHORISED = ("100", "150")
# Use denied: the number is used up, and the document cannot be sent again.
DENIED = ("110", "205", "301", "302", "303")
CANCELLED = ("101", "151", "155")
RECEIVED, PROCESSED, PROCESSING = "103", "104", "105"
EVENT_DONE = ("135", "136", "155")
EVENT_AGAIN = "573"
# Numbers declared unused: now, or before (this range, or a range that contains it).
VOIDED, VOIDED_ALREADY = "102", ("563", "206")
# The authority does not know the document, or the batch.
UNKNOWN = ("217", "106")
# A document with this key exists at the authority already.
DUPLICATE = "204"
# Too many calls: it answers none for an hour.
TOO_MANY = "656"
# Not about the document: the service is stopped, busy or throttling; try again later.
PASSING = ("108", "109", TOO_MANY, "678", "999")


@dataclass(frozen=True)
class Answer:
    """`code` and `text` are the authority's own; `xml` is its protocol, kept as it came. `receipt`: of a batch that
    is answered later. `key` is the document's, where the answer names one."""

    code: str
    text: str = ""
    protocol: str = ""
    at: dt.datetime | None = None
    xml: str = ""
    receipt: str = ""
    key: str = ""

    @property
    def passing(self) -> bool:
        return self.code in PASSING
