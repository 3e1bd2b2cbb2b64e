"""Merging two records of one person, and undoing it (row P7, ADR 0010)."""

from __future__ import annotations

from typing import Any, NoReturn

from services.chassis.access.sections import RECORD
from services.chassis.errors import Conflict, NotFound
from services.chassis.handling.entrypoints import command
from services.people import events
from services.people.merging import contract
from services.people.merging.loading import pair_of, sees_merged
from services.people.merging.model.merge import Merge, Preview, merge_records, unmerge_record
from services.people.persons import contract as persons_contract
from services.people.persons.editing import note_duplicates, save_and_find_duplicates
from services.people.persons.model.lists import Item
from services.people.persons.model.person import Person
from services.people.session import MEMBERS, PeopleSession

Data = dict[str, Any]


@command(
    takes=contract.MergePersons, gives=persons_contract.Person, needs="people.configure", section=RECORD, fresh=True
)
def merge_persons(tx: PeopleSession, data: Data) -> Person:
    """Merges the person into the survivor; returns the survivor.

    Raises NotFound("person_not_found"), Conflict("merge_itself", "person_already_merged", "person_erased",
    "erasure_running", "version_changed"), and what `merge_records` raises.
    """
    tx.one_at_a_time(MEMBERS)
    survivor, person = pair_of(tx, data)
    if (survivor.version, person.version) != (data["survivor_version"], data["person_version"]):
        raise Conflict("version_changed", "O registro foi alterado por outra pessoa; carregue-o novamente.")
    preview = merge_records(survivor, person, data["take"])
    tx.persons.take_out(person)
    tx.duplicates.put_all(person.id, {})
    person.version += 1
    tx.merges.put(_merge(tx, survivor, person, preview))
    ids = {"person_id": person.id, "survivor_id": survivor.id}
    tx.publish(events.PERSON_MERGED, person.id, person.version, **ids)
    tx.redirect(person.id, survivor.id, person.version)
    return _save(tx, preview.survivor)


@command(takes=contract.UnmergePerson, gives=contract.Unmerged, needs="people.configure", section=RECORD, fresh=True)
def unmerge_person(tx: PeopleSession, data: Data) -> Data:
    """Undoes a merge; changes made to the survivor since then stay.

    Raises NotFound("person_not_found"), Conflict("person_not_merged", "survivor_merged", "person_erased").
    """
    tx.one_at_a_time(MEMBERS)
    merge = tx.merges.of(data["person_id"]) or _refuse_not_merged(tx, data["person_id"])
    _refuse_hidden(tx, merge)
    survivor = tx.persons.get(merge.survivor_id)
    if survivor.id != merge.survivor_id:
        detail = f"Quem a recebeu foi unida à pessoa {survivor.code}; desfaça primeiro aquela união."
        raise Conflict("survivor_merged", detail, person_code=survivor.code)
    if merge.person is None or merge.before is None or merge.after is None:
        raise Conflict("person_erased", "Os dados desta pessoa foram eliminados a pedido dela.")
    tx.erasures.refuse_running(survivor.id)
    tx.merges.remove(merge)
    others = [other.person for other in tx.merges.into(survivor.id) if other.person]
    survivor = _save(tx, unmerge_record(survivor, merge.before, merge.after, others))
    person = merge.person
    person.version += 1
    person.relations = _remaining_relations(tx, person)
    tx.persons.add(person)
    note_duplicates(tx, person)
    ids = {"person_id": person.id, "survivor_id": survivor.id}
    tx.publish(events.PERSON_UNMERGED, person.id, person.version, **ids)
    tx.redirect(person.id, None, person.version)
    return {"survivor": survivor, "person": person}


def _refuse_hidden(tx: PeopleSession, merge: Merge) -> None:
    if not sees_merged(tx, merge):
        raise NotFound("person_not_found", "Pessoa não encontrada.")


def _refuse_not_merged(tx: PeopleSession, person_id: str) -> NoReturn:
    tx.persons.get(person_id)
    raise Conflict("person_not_merged", "Esta pessoa não está unida a outra.")


def _remaining_relations(tx: PeopleSession, person: Person) -> list[Item]:
    """The relations of a merged person that were not ended since."""
    others = [relation["person_id"] for relation in person.relations]
    tx.redirects.prefetch(others)
    held = tx.persons.links_of({tx.redirects.current(other) for other in others}) if others else set()
    return [relation for relation in person.relations if relation["id"] in held]


def _merge(tx: PeopleSession, survivor: Person, person: Person, preview: Preview) -> Merge:
    return Merge(
        id=person.id,
        code=person.code,
        survivor_id=survivor.id,
        person=person,
        before=survivor,
        after=preview.survivor,
        at=tx.now,
        by=tx.actor.id,
        by_name=tx.actor.name,
    )


def _save(tx: PeopleSession, survivor: Person) -> Person:
    """Saves the survivor with the search keys and identities of all persons merged into it."""
    merges = tx.merges.into(survivor.id)
    persons = [merge.person for merge in merges if merge.person]
    survivor.aliases = sorted({key for person in persons for key in person.search_keys()})
    survivor.alias_identities = sorted(
        {key for person in persons for key in (*person.held_keys(), *person.alias_identities)}
    )
    return save_and_find_duplicates(tx, survivor)
