"""Unites the lists of two records of one person: each item once, one main item, numbered by the survivor.

No framework, store or clock may enter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from services.chassis.errors import Conflict
from services.people.persons.model.lists import LISTS, MAIN, OTHER, Item, rank
from services.people.persons.model.person import MOST_CATEGORIES, MOST_CHARACTERISTICS, Person
from services.people.persons.model.relations import MAX_RELATIONS

# Addresses come before contacts, which name an address by its number.
WORDS = ("categories", "characteristics")
UNITED = (*WORDS, "emails", "phones", "addresses", "contacts", "relations")
# By list: the most items of a person, and their name in Portuguese.
MOST: dict[str, tuple[int, str]] = {
    "categories": (MOST_CATEGORIES, "categorias"),
    "characteristics": (MOST_CHARACTERISTICS, "características"),
    **{name: (kind.limit, f"{kind.label}s") for name, kind in LISTS.items()},
    "relations": (MAX_RELATIONS, "pessoas relacionadas"),
}
# Fields of an item that depend on its record, and are not compared.
RANK = ("id", MAIN, "kind")


@dataclass
class Union:
    """`lists`: the united ones; `added`: the items that the survivor did not have; `last_item` as in Person."""

    lists: dict[str, list[Any]]
    added: dict[str, list[Any]]
    last_item: int


def unite_lists(survivor: Person, other: Person) -> Union:
    """The survivor's items first, then those of the other that it does not have.

    Raises Conflict("<list>_full") where these are more than a person may have.
    """
    union = Union({}, {}, survivor.last_item)
    numbers: dict[str, str] = {}
    for name in WORDS:
        ours = getattr(survivor, name)
        _put(union, name, ours, [word for word in getattr(other, name) if word not in ours])
    for name in LISTS:
        _put(union, name, getattr(survivor, name), _new_items(union, name, survivor, other, numbers))
    both = {survivor.id, other.id}
    ours = [relation for relation in survivor.relations if relation["person_id"] not in both]
    known = {(relation["person_id"], relation["kind"]) for relation in ours}
    theirs = [r for r in other.relations if (r["person_id"], r["kind"]) not in known and r["person_id"] not in both]
    _put(union, "relations", ours, theirs)
    return union


def without(items: Iterable[Any], others: Iterable[Any]) -> list[Any]:
    gone = list(others)
    return [item for item in items if item not in gone]


def same_in(item: Any, items: Iterable[Any]) -> bool:
    """Whether one of the items has the same content, whatever its number and rank."""
    return _content_of(item) in [_content_of(other) for other in items]


def one_main(name: str, items: list[Any]) -> list[Any]:
    return rank(LISTS[name], items) if name in LISTS else items


def _put(union: Union, name: str, ours: list[Any], added: list[Any]) -> None:
    most, noun = MOST[name]
    if added and len(ours) + len(added) > most:
        detail = f"Unidas, elas teriam {len(ours) + len(added)} {noun}; uma pessoa tem no máximo {most}."
        raise Conflict(f"{name}_full", f"{detail} Remova antes o que não serve mais.", list=name, limit=most)
    union.added[name] = added
    union.lists[name] = one_main(name, [*ours, *added])


def _new_items(union: Union, name: str, survivor: Person, other: Person, numbers: dict[str, str]) -> list[Item]:
    """The other's items that the survivor does not have, renumbered.

    `numbers` maps the other's numbers of addresses to the survivor's, and is filled here.
    """
    ours, new = getattr(survivor, name), []
    mains = {item.get(LISTS[name].group) for item in ours if item[MAIN]}
    for item in getattr(other, name):
        moved = {**item, "address_id": numbers.get(item["address_id"] or "")} if "address_id" in item else item
        known = next(
            (our for our in ours if LISTS[name].same(our, moved) or _content_of(our) == _content_of(moved)), None
        )
        if known is None:
            union.last_item += 1
            known = _secondary({**moved, "id": str(union.last_item)}, moved.get(LISTS[name].group) in mains)
            new.append(known)
            mains |= {known.get(LISTS[name].group)} if known[MAIN] else set()
        if name == "addresses":
            numbers[item["id"]] = known["id"]
    return new


def _secondary(item: Item, behind: bool) -> Item:
    """`item`, no longer a main one where it comes `behind` a main item of its group."""
    if not behind:
        return item
    return {**item, MAIN: False, **({"kind": OTHER} if item.get("kind") == MAIN else {})}


def _content_of(item: Any) -> Any:
    if not isinstance(item, dict):
        return item
    return {name: str(value).casefold() for name, value in item.items() if name not in RANK and value}
