"""An NF-e of an order: requested, incomplete, built, sent, authorised or rejected, cancelled (row S22).

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from services.chassis.errors import Conflict
from services.sales.nfe.model.answers import DENIED, Answer
from services.sales.nfe.model.missing import Missing
from services.sales.shared.money import ZERO

REQUESTED, INCOMPLETE, BUILT, SENT = "requested", "incomplete", "built", "sent"
AUTHORISED, REJECTED, CANCELLED = "authorised", "rejected", "cancelled"
STATUSES = (REQUESTED, INCOMPLETE, BUILT, SENT, AUTHORISED, REJECTED, CANCELLED)


@dataclass(frozen=True)
class Said:
    """An answer of the authority; `at` (UTC): by the authority's clock, else when it was received."""

    code: str
    text: str
    protocol: str = ""
    at: dt.datetime | None = None


@dataclass(frozen=True)
class Cancellation:
    """A requested cancellation; `refusal`: the authority's answer if it refused."""

    reason: str
    at: dt.datetime
    by: str
    refusal: Said | None = None
    by_id: str | None = None


@dataclass
class Nfe:
    """`number` is taken when the document is first built, and is kept through rejections. `attempt`: the order's
    first document, or the next one after a cancelled one. `said`: the authority's last answer; `authorisation`
    is kept when that is a cancellation. `trouble`: why the authority was not reached last time, else empty.
    """

    id: str
    order_id: str
    order_number: int
    person_id: str
    attempt: int
    requested_at: dt.datetime
    requested_by: str
    final_consumer: bool | None = None
    status: str = REQUESTED
    missing: list[Missing] = field(default_factory=list)
    total: Decimal = ZERO
    environment: str = ""
    series: int | None = None
    number: int | None = None
    key: str = ""
    issued_at: dt.datetime | None = None
    handed_over: bool = False
    said: Said | None = None
    authorisation: Said | None = None
    receipt: str = ""
    trouble: str = ""
    cancellation: Cancellation | None = None
    version: int = 1
    # where it was sold: a user who may not see the attendance may not see the NF-e
    attendance_id: str | None = None
    requested_by_id: str | None = None
    # its number was declared unused (voiding/)
    number_voided: bool = False

    def must_be_open(self) -> None:
        """Raises Conflict: nfe_in_transit, nfe_authorised, nfe_cancelled, nfe_denied, for one that cannot be built
        again.
        """
        if self.status == SENT or self.handed_over:
            raise Conflict("nfe_in_transit", "A NF-e está a caminho da SEFAZ; aguarde a resposta.")
        if self.status in (AUTHORISED, CANCELLED):
            word = "autorizada" if self.status == AUTHORISED else "cancelada"
            raise Conflict(f"nfe_{self.status}", f"A NF-e já está {word}.")
        if self.said is not None and self.said.code in DENIED:
            raise Conflict("nfe_denied", "O uso desta NF-e foi denegado; o número não se usa de novo.")

    def lack(self, missing: list[Missing]) -> None:
        self.must_be_open()
        self.status, self.missing = INCOMPLETE, missing

    def number_in(self, environment: str, series: int) -> int | None:
        """The number that it keeps, if it was taken in this series."""
        return self.number if (self.environment, self.series) == (environment, series) else None

    def take_number(self, environment: str, series: int, number: int) -> None:
        self.environment, self.series, self.number = environment, series, number

    def build(self, key: str, total: Decimal, at: dt.datetime) -> None:
        self.must_be_open()
        self.status, self.missing = BUILT, []
        self.key, self.total, self.issued_at = key, total, at
        self.said, self.receipt, self.trouble = None, "", ""

    def hand_over(self) -> None:
        """Notes that the job (nfe/jobs.py) will send it."""
        self.handed_over = True

    def send(self) -> None:
        """Marks it as sent, before the authority is called: from then on the authority may know it.

        Raises Conflict("nfe_not_built") for one that was cancelled meanwhile.
        """
        if self.status != BUILT:
            raise Conflict("nfe_not_built", "A NF-e não está pronta para o envio.")
        self.status = SENT

    def wait(self, receipt: str) -> None:
        self.receipt, self.trouble = receipt, ""

    def note_trouble(self, trouble: str) -> None:
        """Notes why the authority gave no usable answer."""
        self.trouble = trouble

    def authorise(self, said: Said) -> None:
        self.status, self.said, self.authorisation = AUTHORISED, said, said
        self.trouble, self.handed_over = "", False

    def reject(self, said: Said) -> None:
        self.status, self.said, self.trouble, self.handed_over = REJECTED, said, "", False
        self.receipt = ""

    def ask_cancellation(self, reason: str, at: dt.datetime, by: str, by_id: str | None = None) -> bool:
        """Requests a cancellation; True if the authority must be asked. One that it never authorised is cancelled at
        once.

        Raises Conflict: nfe_in_transit, nfe_cancelled.
        """
        if self.status == CANCELLED:
            raise Conflict("nfe_cancelled", "A NF-e já está cancelada.")
        if self.status == SENT or (self.status == AUTHORISED and self.handed_over):
            raise Conflict("nfe_in_transit", "A NF-e está a caminho da SEFAZ; aguarde a resposta.")
        self.cancellation = Cancellation(reason, at, by, by_id=by_id)
        if self.status == AUTHORISED:
            return True
        self.status, self.handed_over, self.trouble = CANCELLED, False, ""
        return False

    def cancel(self, said: Said) -> None:
        self.status, self.trouble, self.handed_over, self.said = CANCELLED, "", False, said

    def refuse_cancellation(self, said: Said) -> None:
        """Keeps it authorised, with the authority's refusal."""
        if self.cancellation is not None:
            self.cancellation = replace(self.cancellation, refusal=said)
        self.trouble, self.handed_over = "", False

    @property
    def number_unused(self) -> bool:
        """Whether its number belongs to no authorised document; the company must declare it unused (voiding/)."""
        if self.number_voided:
            return False
        denied = self.said is not None and self.said.code in DENIED
        return self.status == CANCELLED and self.number is not None and self.authorisation is None and not denied

    @property
    def holds_order(self) -> bool:
        """Whether its order cannot be cancelled."""
        return self.status in (SENT, AUTHORISED) or self.handed_over

    @property
    def issued(self) -> bool:
        """Whether the authority knows it, or may know it: then the law demands to keep it, also after an erasure."""
        return self.authorisation is not None or self.status == SENT

    def event_data(self) -> dict[str, Any]:
        """The fields of its events."""
        return {
            "nfe_id": self.id,
            "order_id": self.order_id,
            "person_id": self.person_id,
            "status": self.status,
            "environment": self.environment,
            "series": self.series,
            "number": self.number,
            "key": self.key,
            "total": self.total,
            "code": self.said.code if self.said else None,
            "text": self.said.text if self.said else None,
        }


def said_of(answer: Answer, now: dt.datetime) -> Said:
    return Said(answer.code, answer.text, answer.protocol, answer.at or now)
