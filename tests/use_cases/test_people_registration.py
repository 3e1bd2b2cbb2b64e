"""Registering asks once about all others: who holds the document, and who may be the same person (row P2)."""

from __future__ import annotations

from typing import Any

import pytest

from services.chassis.errors import Conflict
from services.chassis.handling.session import Actor
from services.chassis.schemas import load
from services.people.access.model import PERMISSIONS
from services.people.merging import commands as merging_commands
from services.people.persons import commands, contract, queries
from services.people.persons.repository import ALIKE_LIMIT
from services.people.session import INDEXES, PeopleSession
from tests.support.fakes.memory import Memory

DOCUMENT = "529.982.247-25"
PHONE = [{"number": "11 3333-4444"}]


class Company(Memory):
    def session(self, user: Any = None) -> Any:
        found = super().session(user)
        found.actor = Actor("u1", "Ana", tuple(PERMISSIONS))
        return found

    def register(self, name: str, **fields: Any) -> dict[str, Any]:
        registering: Any = commands.register_person
        data = load(contract.RegisterPerson, {"name": name, **fields})
        made: dict[str, Any] = self.run(lambda tx: registering.__wrapped__(tx, data))
        return made

    def merge(self, survivor: dict[str, Any], person: dict[str, Any]) -> None:
        merging: Any = merging_commands.merge_persons
        versions = {"survivor_version": survivor["version"], "person_version": person["version"]}
        data = {"survivor_id": survivor["id"], "person_id": person["id"], "take": [], **versions}
        self.run(lambda tx: merging.__wrapped__(tx, data))

    def reads(self) -> int:
        return sum(self.collection(name).calls["read"] for name in self.names())


@pytest.fixture
def company() -> Company:
    return Company(PeopleSession, INDEXES)


def test_one_read_finds_the_holder_of_the_document_and_the_duplicates(company: Company) -> None:
    other = company.register("Maria Souza", phones=PHONE)
    before = company.reads()
    emails = [{"address": "maria@x.example"}]
    made = company.register("Maria Souza", document=DOCUMENT, phones=PHONE, emails=emails)
    assert company.reads() - before == 1
    assert [(one["person"].id, set(one["reasons"])) for one in made["warnings"]] == [(other["id"], {"name", "phone"})]
    assert [pair["persons"] for pair in company.documents("duplicates")] == [sorted((other["id"], made["id"]))]


def test_two_reads_list_all_probable_duplicates_with_their_names(company: Company) -> None:
    for _ in range(5):
        company.register("Maria Souza", phones=PHONE)
    before = company.reads()
    listing: Any = queries.list_duplicates
    page = company.read(lambda session: listing.__wrapped__(session, load(contract.ListDuplicates, {"limit": 100})))
    assert company.reads() - before == 2
    assert len(page["items"]) == 10
    assert {person.name for pair in page["items"] for person in pair["persons"]} == {"Maria Souza"}


def test_a_document_is_taken_also_by_who_was_merged_into_another(company: Company) -> None:
    survivor, person = company.register("Maria"), company.register("Marta", document=DOCUMENT)
    other_document = company.register("Joana", document="111.444.777-35")
    with pytest.raises(Conflict) as refused:
        company.register("Outra", document=DOCUMENT)
    assert refused.value.params["person_code"] == person["code"]
    company.merge(other_document, person)
    with pytest.raises(Conflict) as refused:
        company.register("Outra", document=DOCUMENT)
    assert refused.value.params["person_code"] == other_document["code"]
    assert company.register("Outra")["code"] == survivor["code"] + 3, "a refusal leaves no gap"


def test_of_very_many_who_share_something_the_newest_are_looked_at(company: Company) -> None:
    made = [company.register("Recepção", phones=PHONE) for _ in range(2 * ALIKE_LIMIT + 5)]
    last = company.register("Recepção", phones=PHONE)
    newest = [one["id"] for one in made[-ALIKE_LIMIT - 1 :]]
    assert sorted(one["person"].id for one in last["warnings"]) == sorted(newest)
