"""Consents: every decision of a person, and the purposes that a company added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from operator import itemgetter
from typing import Any

from services.chassis.errors import Conflict
from services.chassis.pages import after, every_item, page
from services.chassis.storage.indexes import Index
from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.people.consents.model import CHANNELS, Decision, Purpose, in_force, known_purposes

INDEXES = (
    Index("consents", [("person_id", 1), ("at", -1), ("_id", -1)]),
    Index("consents", [("person_id", 1), ("purpose", 1), ("channel", 1), ("at", -1), ("_id", -1)]),
    Index("consent_purposes", [("code", 1)], unique=True),
)
# The decisions that are read at once to find those in force.
DECISIONS_PAGE = 500
PURPOSES_LIMIT = 100
NEWEST = [("at", -1), ("_id", -1)]


class Consents:
    def __init__(self, decisions: TenantCollection, purposes: TenantCollection) -> None:
        self._decisions = decisions
        self._purposes = purposes

    def add(self, decision: Decision) -> None:
        plain = asdict(decision)
        self._decisions.insert({"_id": plain.pop("id"), **plain})

    def last(self, person_id: str, purpose: str, channel: str) -> Decision | None:
        where = {"person_id": person_id, "purpose": purpose, "channel": channel}
        found = self._decisions.find(where, NEWEST, 1)
        return _decision(found[0]) if found else None

    def latest_of(self, person_ids: Sequence[str], purpose: str) -> dict[str, dict[str, bool]]:
        """By person and channel, whether consent is given; without channels that were never decided.

        One read, unless the persons have very many decisions.
        """
        where = {"person_id": {"$in": sorted(person_ids)}, "purpose": purpose}
        found = self._decisions.find(where, [], DECISIONS_PAGE * 4) if person_ids else []
        if len(found) == DECISIONS_PAGE * 4:
            each = ((one, channel) for one in person_ids for channel in CHANNELS)
            last = (self.last(one, purpose, channel) for one, channel in each)
            return _by_person(decision for decision in last if decision is not None)
        return _by_person(_decision(row) for row in sorted(found, key=itemgetter("at", "_id")))

    def in_force(self, person_id: str) -> list[Decision]:
        """The last decision for each purpose and channel."""
        return in_force(every_item(lambda cursor: self.history(person_id, DECISIONS_PAGE, cursor)))

    def history(self, person_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        found = self._decisions.find({"person_id": person_id, **after(cursor, "at")}, NEWEST, limit + 1)
        return page(found, limit, "at", _decision)

    def purposes(self) -> list[Purpose]:
        added = self._purposes.find({}, [("code", 1)], PURPOSES_LIMIT)
        return known_purposes(Purpose(found["code"], found["name"]) for found in added)

    def add_purpose(self, purpose: Purpose, purpose_id: str) -> None:
        """Raises Conflict("purpose_limit"), and pymongo's DuplicateKeyError when two add the same code at once."""
        if len(self._purposes.find({}, [("code", 1)], PURPOSES_LIMIT)) >= PURPOSES_LIMIT:
            raise Conflict("purpose_limit", f"Uma empresa tem no máximo {PURPOSES_LIMIT} finalidades próprias.")
        self._purposes.insert({"_id": purpose_id, "code": purpose.code, "name": purpose.name})


def _by_person(decisions: Iterable[Decision]) -> dict[str, dict[str, bool]]:
    """The last decision by person and channel; `decisions` come oldest first."""
    by_person: dict[str, dict[str, bool]] = {}
    for decision in decisions:
        by_person.setdefault(decision.person_id, {})[decision.channel] = decision.given
    return by_person


def _decision(found: Document) -> Decision:
    return as_record(found, Decision)
