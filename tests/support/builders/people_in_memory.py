"""Persons of people on the in-memory session, who are related and merged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.chassis.schemas import load
from services.people.merging import commands as merging
from services.people.merging import contract as merging_contract
from services.people.options import contract as options_contract
from services.people.options.queries import get_opened_person
from services.people.persons import contract as persons_contract
from services.people.persons.commands import register_person
from services.people.persons.queries import get_person
from services.people.relations import commands as relations
from services.people.relations import contract
from services.people.relations.queries import search_related
from services.people.session import INDEXES, PeopleSession
from tests.support.fakes.memory import Memory

# Kind and id of related persons.
Related = set[tuple[str, str]]


class MergeableRegistry:
    """Three registered persons: `survivor`, `merged` (which is to be merged into it) and `third`."""

    def __init__(self) -> None:
        self.memory = Memory(PeopleSession, INDEXES)
        self.survivor, self.merged, self.third = map(self.registered, ("Ana Prado", "Ana P.", "Caio Reis"))

    def registered(self, name: str) -> str:
        return str(self.do(register_person, persons_contract.RegisterPerson, name=name)["id"])

    def do(self, use_case: Any, takes: Any, **body: Any) -> dict[str, Any]:
        data = load(takes, body)
        found = self.memory.run(lambda tx: use_case.__wrapped__(tx, data))
        return dict(found) if isinstance(found, Mapping) else vars(found)

    def relate(self, one: str, other: str, kind: str) -> str:
        body = {"person_id": one, "related_id": other, "kind": kind}
        return str(self.do(relations.relate_persons, contract.RelatePersons, **body)["id"])

    def unrelate(self, one: str, relation: str) -> None:
        self.do(relations.unrelate_persons, contract.UnrelatePersons, person_id=one, relation_id=relation)

    def merge(self, survivor: str, person: str) -> None:
        versions = {
            f"{name}_version": self.do(get_person, persons_contract.GetPerson, id=one)["version"]
            for name, one in (("survivor", survivor), ("person", person))
        }
        body = {"survivor_id": survivor, "person_id": person, **versions}
        self.do(merging.merge_persons, merging_contract.MergePersons, **body)

    def unmerge(self, person: str) -> None:
        self.do(merging.unmerge_person, merging_contract.UnmergePerson, person_id=person)

    def related(self, person: str) -> Related:
        """As the list says and the person's page counts."""
        listed = self.do(search_related, contract.SearchRelated, person_id=person)["items"]
        opened = self.do(get_opened_person, options_contract.OpenPerson, id=person, category="prospect")
        assert (opened["related_persons"] or {"count": len(listed)})["count"] == len(listed)
        return {(one["kind"], one["person"].id) for one in listed}
