"""Enqueuing leased work for NF-e, with the user in whose name it runs (row S22)."""

from __future__ import annotations

from typing import Any

from services.sales.session import SalesSession

MAIL_WORKS = "nfe_mail_works"


def enqueue_work(tx: SalesSession, collection: str, work_id: str, **fields: Any) -> None:
    actor = {"id": tx.actor.id, "name": tx.actor.name}
    tx.enqueue(collection, {"_id": work_id, "tries": 0, "actor": actor, **fields})


def enqueue_mail(tx: SalesSession, nfe_id: str) -> None:
    """Enqueues the e-mail of an NF-e to its customer, which nfe_mails/jobs.py sends."""
    enqueue_work(tx, MAIL_WORKS, tx.new_id(), nfe_id=nfe_id)
