"""That an NF-e goes to its customer by e-mail is pending work, which nfe_mails/ does (row S22)."""

from __future__ import annotations

from services.sales.session import SalesSession

WORKS = "nfe_mail_works"


def enqueue_mail(tx: SalesSession, nfe_id: str) -> None:
    """In the transaction that records what there is to tell: each row is one mail."""
    actor = {"id": tx.actor.id, "name": tx.actor.name}
    tx.enqueue(WORKS, {"_id": tx.new_id(), "nfe_id": nfe_id, "tries": 0, "actor": actor})
