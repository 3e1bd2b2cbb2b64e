"""Finding what another system put under its own id: among the records of the person that it names, and no other's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from services.sales.session import SalesSession
from services.sales.shared.external_ids import old_source_of, source_of


class Owned(Protocol):
    person_id: str


R = TypeVar("R", bound=Owned)


def put_before(
    tx: SalesSession, person_id: str, external_id: str, of_source: Callable[[str], R | None]
) -> R | None:  # fmt: skip
    """The record that was put for the person under this id; None for a new one.

    Two records merged into one keep their ids apart: the one that was written for the very id named goes first, then
    those of all that lead to the same person.
    """
    current = tx.redirects.current(person_id)
    for named in dict.fromkeys((person_id, current, *tx.redirects.members(current))):
        found = of_source(source_of(named, external_id))
        if found is not None:
            return found
    old = of_source(old_source_of(external_id))
    return old if old is not None and tx.redirects.current(old.person_id) == current else None
