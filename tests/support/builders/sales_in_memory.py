"""Companies of sales on the in-memory session."""

from __future__ import annotations

from services.sales.session import INDEXES, SalesSession
from tests.support.fakes.memory import Memory


def with_two_buyers() -> Memory:
    """Sales knows the persons p1 and p2, both clients."""
    memory = Memory(SalesSession, INDEXES)
    for person, name in (("p1", "Compradora"), ("p2", "Outra")):
        memory.collection("persons").insert({"_id": person, "name": name, "categories": ["client"]})
    return memory
