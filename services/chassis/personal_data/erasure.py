"""Erases a service's rows of another service's record, when that service requests it by an event.

The erasure is leased work in two passes: one at once, and one when every transaction begun before the request is over;
then the receipt is published. The passes may be repeated, so it survives a crash at any point. No business word enters
here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from services.chassis.clock import now
from services.chassis.handling.idempotency import IDEMPOTENCY, erased_answer
from services.chassis.handling.session import Actor, Session
from services.chassis.jobs import parking
from services.chassis.jobs.leased import Job
from services.chassis.jobs.work import Work
from services.chassis.personal_data.inventory import Erased, erase_rows
from services.chassis.schemas import Event
from services.chassis.storage.database import Database
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import Tenant

COLLECTION = "erasures"
# The deadline of a pass.
PASS_SECONDS = 60.0
SCAN_PAGE = 500
TRANSACTION_SECONDS = 10.0
ID = re.compile("[0-9a-f]{32}")


def begin(tx: Session, erasure_id: str, records: list[str]) -> None:
    """Adds the work of an erasure; it is done after the commit of the subscriber that received the request."""
    actor = {"id": tx.actor.id, "name": tx.actor.name}
    tx.enqueue(COLLECTION, {"_id": erasure_id, "records": records, "asked_at": tx.now, "actor": actor})


def worker(receipt: Event) -> Callable[[Any], Job]:
    """For a service's `jobs`: erases by the service's `inventory`, then publishes `receipt`."""

    def make(runtime: Any) -> Job:
        return Job(lambda document: _run(runtime, receipt, document), PASS_SECONDS)

    return make


def _run(runtime: Any, receipt: Event, document: Document) -> None:
    work = Work(runtime.database, COLLECTION, document)
    done = one_pass(runtime, document["company"], document["records"])
    settled = document["asked_at"] + dt.timedelta(seconds=runtime.config.settle)
    if now() < settled:
        work.put_off(settled)
    else:
        _announce(runtime, receipt, document, done)
        work.done()


def one_pass(runtime: Any, company: str, records: Iterable[str]) -> list[Erased]:
    """Erases all rows of the records and returns what was erased, by collection. May be repeated."""
    tenant: Tenant = runtime.database.tenant(company)
    total: dict[str, Erased] = {}
    ids = set(records)
    for record_id in list(ids):
        done, rows = erase_rows(tenant, runtime.service_class.inventory, record_id)
        ids |= rows
        for item in done:
            total.setdefault(item.what, Erased(item.what, item.outcome, 0, item.basis)).count += item.count
    forget_answers(runtime.database, company, ids)
    parking.forget_events(runtime.database, company, ids)
    return list(total.values())


def forget_answers(database: Database, company: str, ids: set[str]) -> int:
    """Empties the stored answers that contain one of the ids (handling/idempotency.py); returns their number."""
    answers, last, count = database.collection(IDEMPOTENCY), f"{company}|", 0
    while True:
        within = {"_id": {"$gt": last, "$lt": f"{company}}}"}}
        found = list(answers.find(within).sort("_id", 1).limit(SCAN_PAGE))
        matching = [row["_id"] for row in found if row["result"] and not ids.isdisjoint(ID.findall(row["result"]))]
        if matching:
            count += answers.update_many({"_id": {"$in": matching}}, erased_answer()).modified_count
        if len(found) < SCAN_PAGE:
            return count
        last = found[-1]["_id"]


def _announce(runtime: Any, receipt: Event, document: Document, done: list[Erased]) -> None:
    """Publishes the receipt. A repetition does no harm: its subscriber keeps one receipt of each service."""
    actor = Actor(document["actor"]["id"], document["actor"]["name"])
    items = [asdict(item) for item in done]

    def work(session: Session) -> None:
        session.publish(receipt, document["_id"], 1, erasure_id=document["_id"], items=items)

    runtime.transact(document["company"], actor, document["_id"], TRANSACTION_SECONDS, work)
