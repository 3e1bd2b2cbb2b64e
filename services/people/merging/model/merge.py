"""Merging two records of one person, and undoing it (row P7).

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from services.chassis.errors import Conflict, Invalid
from services.people.merging.model.union import UNITED, one_main, same_in, unite_lists, without
from services.people.persons.model.person import Person

# Fields that a merge does not change: identity, state, and derived values.
FIXED = frozenset(
    {
        "id", "code", "version", "created_at", "import_key", "aliases", "alias_identities", "erased_at",
        "active", "inactive_reason", "inactivated_at", "last_item",
    }
)  # fmt: skip
SCALARS = tuple(field.name for field in fields(Person) if field.name not in {*FIXED, *UNITED})


@dataclass
class Merge:
    """`person`: the merged record as it was; `before` and `after`: the survivor around the merge, to undo it."""

    id: str
    code: int
    survivor_id: str
    person: Person | None
    before: Person | None
    after: Person | None
    at: dt.datetime
    by: str
    by_name: str

    @property
    def erased(self) -> bool:
        return self.person is None

    def erase(self) -> None:
        self.person = self.before = self.after = None


@dataclass(frozen=True)
class Preview:
    """The survivor after the merge; `conflicts`: fields in which the records differ; `added`: new items by list."""

    survivor: Person
    conflicts: list[dict[str, Any]]
    added: dict[str, list[Any]]


def refuse_merge(survivor: Person, other: Person) -> None:
    """Raises Conflict("merge_itself"), Conflict("person_erased") or Conflict("survivor_inactive")."""
    if survivor.id == other.id:
        raise Conflict("merge_itself", "Uma pessoa não pode ser unida a ela mesma.")
    survivor.refuse_erased()
    other.refuse_erased()
    if not survivor.active:
        raise Conflict("survivor_inactive", "Quem recebe a união está inativa; reative-a antes.")


def merge_records(survivor: Person, other: Person, take: Iterable[str] = ()) -> Preview:
    """Unites lists and fills empty fields; of two values the survivor's stays, except in the fields of `take`.

    Raises Invalid("merge_field_unknown"), Conflict("<list>_full").
    """
    wanted = frozenset(take)
    union = unite_lists(survivor, other)
    changes: dict[str, Any] = {**union.lists, "last_item": union.last_item}
    conflicts: list[dict[str, Any]] = []
    for name in SCALARS:
        ours, theirs = getattr(survivor, name), getattr(other, name)
        if _empty(ours) or (name in wanted and not _empty(theirs)):
            changes[name] = theirs
        if not _empty(ours) and not _empty(theirs) and ours != theirs:
            kept = "person" if name in wanted else "survivor"
            conflicts.append({"field": name, "survivor": ours, "person": theirs, "kept": kept})
    _refuse_unknown(wanted, conflicts)
    return Preview(replace(survivor, **changes), conflicts, {n: items for n, items in union.added.items() if items})


def unmerge_record(now: Person, before: Person, after: Person, others: Iterable[Person]) -> Person:
    """The survivor `now` without what the merge added.

    Later changes stay, and so do items that `others`, persons still merged into it, have too. Items that the merge
    removed (the relation of the two to each other) are restored.
    """
    left = list(others)
    changes: dict[str, Any] = {}
    for name in SCALARS:
        if getattr(now, name) == getattr(after, name):
            changes[name] = getattr(before, name)
    for name in UNITED:
        value, was, became = getattr(now, name), getattr(before, name), getattr(after, name)
        held = [item for other in left for item in getattr(other, name)]
        added, taken = without(became, was), without(was, became)
        kept = was if value == became else [*without(value, added), *taken]
        changes[name] = one_main(name, [*kept, *(i for i in without(value, kept) if same_in(i, held))])
    return replace(now, **changes)


def _refuse_unknown(wanted: frozenset[str], conflicts: list[dict[str, Any]]) -> None:
    unknown = sorted(wanted - {str(conflict["field"]) for conflict in conflicts})
    if unknown:
        detail = f"Não há conflito nestes campos: {', '.join(unknown)}."
        raise Invalid("merge_field_unknown", detail, fields={"take": [detail]})


def _empty(value: Any) -> bool:
    return value is None or value == ""
