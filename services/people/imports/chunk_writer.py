"""Takes the rows of one chunk inside its transaction, with few reads and bulk writes for all of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from services.chassis.errors import Conflict, Invalid
from services.people import events
from services.people.imports.model.imports import Import
from services.people.imports.model.matching import Known, reached_by
from services.people.imports.model.row_addresses import ADDRESS
from services.people.imports.model.updating import updated
from services.people.imports.rows import Row, reason_of
from services.people.persons.duplicates import pair_of
from services.people.persons.editing import save
from services.people.persons.model.duplicates import Likeness, likeness, warning_of
from services.people.persons.model.person import Person
from services.people.session import PeopleSession

UPDATE = "update"
ERASED = "Os dados desta pessoa foram eliminados a pedido dela."


@dataclass
class RowOutcome:
    """The outcome of a row; `person`: the id of its person; `changed`: the titles of the changed fields."""

    row: Row
    outcome: str
    person: str | None = None
    reason: str | None = None
    left_out: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


class ChunkWriter:
    def __init__(self, tx: PeopleSession, running: Import, usable: Collection[str]) -> None:
        """`usable`: the categories and characteristics that a person may be given now."""
        self._tx, self._running, self._usable = tx, running, usable
        self._known = Known()
        self._fresh: dict[str, Person] = {}
        self._filled: dict[str, Person] = {}
        self._renamed: dict[str, Person] = {}

    def take(self, rows: list[Row]) -> list[dict[str, Any]]:
        """Registers or updates the persons of the rows; returns a line of the report for each row."""
        self._look_up(rows)
        met = [self._register_or_update(row) for row in rows]
        if not self._running.dry_run:
            self._write()
        warnings = self._warnings()
        return [self._line(outcome, warnings) for outcome in met]

    def _look_up(self, rows: list[Row]) -> None:
        """Loads all persons whom these rows may be about, or may be duplicates of."""
        readings = [row.reading for row in rows if row.person is not None]
        ids = list(dict.fromkeys(reading.id for reading in readings if reading.id))
        codes = list(dict.fromkeys(reading.code for reading in readings if reading.code))
        for asked, person in self._tx.persons.by_ids_or_codes(ids, codes):
            self._known.meet(person)
            self._known.leads(asked, person)
        drafts = [row.person for row in rows if row.person is not None]
        keys = dict.fromkeys(
            key for draft in drafts for key in (*draft.held_keys(), *reached_by(draft), *draft.identities())
        )
        for person in self._tx.persons.sharing(list(keys)):
            self._known.meet(person)

    def _register_or_update(self, row: Row) -> RowOutcome:
        if row.person is None:
            return RowOutcome(row, "refused", reason=row.reason)
        draft = replace(row.person)
        holder = self._known.holder(draft, row.reading)
        if holder is None:
            self._fresh[draft.id] = self._known.add(draft)
            return RowOutcome(row, "registered", draft.id, left_out=row.left_out)
        if holder.erased_at is not None:
            return RowOutcome(row, "refused", reason=ERASED)
        if self._running.existing != UPDATE:
            return RowOutcome(row, "existing", holder.id)
        return self._update(row, draft, holder)

    def _update(self, row: Row, draft: Person, holder: Person) -> RowOutcome:
        own = self._known.is_own(holder, row.reading)
        left_out = [*row.reading.left_out, *(note for note in row.reading.only_new if not own and ADDRESS in note)]
        try:
            change = updated(holder, draft, row.reading, self._usable, own)
        except (Invalid, Conflict) as refusal:
            return RowOutcome(row, "refused", holder.id, reason=reason_of(refusal))
        person, titles, left_out = change.person, change.told, [*left_out, *change.left_out]
        other = next(self._known.with_document(person), None)
        if other is not None:
            return RowOutcome(
                row, "refused", holder.id, reason=f"O documento é da pessoa {other.code or 'de outra linha'}."
            )
        if not titles:
            return RowOutcome(row, "existing", holder.id, left_out=left_out)
        self._known.add(person)
        if person.id in self._fresh:
            self._fresh[person.id] = person
        else:
            self._filled[person.id] = person
            if set(person.identities()) != set(holder.identities()):
                self._renamed[person.id] = person
        return RowOutcome(row, "updated", person.id, left_out=left_out, changed=titles)

    def _write(self) -> None:
        tx, fresh = self._tx, list(self._fresh.values())
        for person, code in zip(fresh, tx.persons.next_codes(len(fresh)) if fresh else (), strict=True):
            person.code = code
        tx.persons.add_many(fresh)
        for person in self._filled.values():
            save(tx, person)
        self._announce(fresh, [*self._filled.values()])

    def _announce(self, fresh: list[Person], filled: list[Person]) -> None:
        """Publishes one event for all persons; its sequence is the version that the import gets with this chunk."""
        data = [
            {**person.event_data(), "version": person.version, "registered": registered}
            for persons, registered in ((fresh, True), (filled, False))
            for person in persons
        ]
        if data:
            running = self._running
            self._tx.publish(
                events.PERSONS_IMPORTED, running.id, running.version + 1, import_id=running.id, persons=data
            )

    def _warnings(self) -> dict[str, str]:
        """Row P2: stores the probable duplicates; returns a pt-BR warning for each new person who has one, by id."""
        if self._renamed:
            identities = dict.fromkeys(key for person in self._renamed.values() for key in person.identities())
            for person in self._tx.persons.sharing(list(identities)):
                self._known.meet(person)
        pairs: dict[str, Likeness] = {}
        warnings: dict[str, str] = {}
        for person in (*self._fresh.values(), *self._renamed.values()):
            duplicates = self._likely(person)
            pairs |= {pair_of(person.id, other.id): like for other, like in duplicates}
            if duplicates and person.id in self._fresh:
                warnings[person.id] = warning_of(duplicates[0][1], duplicates[0][0].code)
        if not self._running.dry_run:
            self._tx.duplicates.put_many(list(self._renamed), pairs)
        return warnings

    def _likely(self, person: Person) -> list[tuple[Person, Likeness]]:
        """The probable duplicates of a person, the likeliest first, without new persons of a dry run."""
        own = person.identities()
        others = (other for other in self._known.sharing(person) if other.code)
        duplicates = [(other, like) for other in others if (like := likeness(own, other.identities()))]
        return sorted(duplicates, key=lambda pair: (-pair[1].score, pair[0].code))

    def _line(self, met: RowOutcome, warnings: dict[str, str]) -> dict[str, Any]:
        person = self._known.person(met.person) if met.person else None
        return {
            "line": met.row.line,
            "outcome": met.outcome,
            "code": person.code or None if person else None,
            "reason": met.reason,
            "warning": warnings.get(met.person or "") if met.outcome == "registered" else None,
            "left_out": met.left_out,
            "changed": met.changed,
        }
