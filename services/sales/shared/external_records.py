"""Finding the record that another system put before for a person, by its id there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from services.sales.session import SalesSession
from services.sales.shared.external_ids import old_source_of, source_of


class Owned(Protocol):
    person_id: str


R = TypeVar("R", bound=Owned)


def find_external_record(
    tx: SalesSession, person_id: str, external_id: str, of_source: Callable[[str], R | None]
) -> R | None:  # fmt: skip
    """The record that was put for the person under this id; None without one.

    A record put for exactly `person_id` goes first, then those put for persons that were merged with them.
    """
    current = tx.redirects.current(person_id)
    for named in dict.fromkeys((person_id, current, *tx.redirects.members(current))):
        found = of_source(source_of(named, external_id))
        if found is not None:
            return found
    old = of_source(old_source_of(external_id))
    return old if old is not None and tx.redirects.current(old.person_id) == current else None
