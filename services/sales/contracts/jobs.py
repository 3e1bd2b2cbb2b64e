"""The leased job that bills contracts on their due days, one contract at a time: one that fails stops no other."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import ConcurrentUpdate
from services.chassis.handling.session import Actor
from services.chassis.jobs.leased import Job
from services.chassis.process.runtime import Runtime
from services.chassis.storage.rows import Document
from services.sales.contracts.billing import bill

BILLER = Actor("biller", "Cobrança de contratos")
TRANSACTION_SECONDS = 5.0
RUNS = 4
DEADLINE_SECONDS = RUNS * TRANSACTION_SECONDS


def make_biller(runtime: Runtime) -> Job:
    """The job that bills one contract with a due period."""
    return Job(lambda work: bill_contract(runtime, work), DEADLINE_SECONDS)


def bill_contract(runtime: Any, work: Document) -> None:
    """Bills in one transaction; runs again, at most RUNS times, if a user changes the contract at the same time."""
    of = work["company"], BILLER, work["_id"]
    for left in reversed(range(RUNS)):
        try:
            runtime.transact(*of, TRANSACTION_SECONDS, lambda tx: bill(tx, work["_id"]))
            return
        except ConcurrentUpdate:
            if not left:
                raise
