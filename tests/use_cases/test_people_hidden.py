"""A role narrowed to categories, or to sections without addresses: who and what it does not name is not there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from services.chassis.access import sections
from services.chassis.access.visibility import SECTION, Sight
from services.chassis.errors import Conflict, Failure, Forbidden
from services.chassis.handling.session import Actor
from services.chassis.schemas import ById, instance, load
from services.people.exports import contract as exports_contract
from services.people.exports import queries as exports_queries
from services.people.lists import commands as lists_commands
from services.people.lists import contract as lists_contract
from services.people.merging import commands as merging_commands
from services.people.merging import contract as merging_contract
from services.people.merging import queries as merging_queries
from services.people.options import contract as options_contract
from services.people.options import queries as options_queries
from services.people.persons import commands as persons_commands
from services.people.persons import contract as persons_contract
from services.people.persons import queries as persons_queries
from services.people.relations import commands as relations_commands
from services.people.relations import contract as relations_contract
from services.people.relations import queries as relations_queries
from services.people.session import INDEXES, PeopleSession
from services.people.visibility import VISIBILITY_RULES
from tests.support.builders import people
from tests.support.fakes.memory import Memory, Narrowed

ADDRESS = {"street": "Rua das Flores", "city": "São Paulo", "state": "SP"}
PROSPECTS = {"category": ["prospect"]}


class Registry:
    """A client and an employee, who are related, share a phone, and are probable duplicates."""

    def __init__(self) -> None:
        self.memory = Memory(PeopleSession, INDEXES)
        self.document = people.cpf()
        shared = [{"number": "11987654321"}]
        self.client = self.registered("Rita Flores", ["prospect"], phones=shared)
        self.employee = self.registered("Rita Flores", ["employee"], phones=shared, document=self.document)
        body = {"person_id": self.client["id"], "related_id": self.employee["id"], "kind": "employee"}
        self.relation = self.do(relations_commands.relate_persons, relations_contract.RelatePersons, **body)["id"]

    def registered(self, name: str, categories: list[str], **fields: Any) -> dict[str, Any]:
        body = {"name": name, "categories": categories, **fields}
        return self.do(persons_commands.register_person, persons_contract.RegisterPerson, **body)

    def do(self, use_case: Any, takes: Any, user: Any = None, **body: Any) -> dict[str, Any]:
        data = load(takes, body)
        found = self.memory.run(lambda tx: use_case.__wrapped__(tx, data), user=user)
        return dict(found) if isinstance(found, Mapping) else vars(found)

    def user(self, **scopes: list[str]) -> Narrowed:
        actor = Actor("u2", "Caio", ("people.read", "people.export"), scopes)  # type: ignore[arg-type]
        return Narrowed(self.memory, actor, VISIBILITY_RULES)

    def refusal(self, use_case: Any, takes: Any, user: Narrowed, body: dict[str, Any]) -> str:
        try:
            self.do(use_case, takes, user, **body)
        except Failure as failure:
            return failure.code
        return "answered"


@pytest.fixture
def registry() -> Registry:
    return Registry()


def test_a_hidden_person_is_read_changed_merged_and_related_by_nobody(registry: Registry) -> None:
    hidden, seen = registry.employee["id"], registry.client["id"]
    user, person = registry.user(**PROSPECTS), {"person_id": hidden}
    pair = {"survivor_id": seen, "person_id": hidden}
    asked: list[tuple[Any, Any, dict[str, Any]]] = [
        (persons_queries.get_person, persons_contract.GetPerson, {"id": hidden}),
        (persons_queries.get_person, persons_contract.GetPerson, {"code": registry.employee["code"]}),
        (options_queries.get_opened_person, options_contract.OpenPerson, {"id": hidden}),
        (persons_commands.change_person, persons_contract.ChangePerson, {**person, "name": "x"}),
        (persons_commands.inactivate_person, persons_contract.InactivatePerson, {**person, "reason": "x"}),
        (lists_commands.add_email, lists_contract.AddEmail, {**person, "address": "a@b.example"}),
        (merging_queries.get_merge_preview, merging_contract.PreviewMerge, pair),
        (
            merging_commands.merge_persons,
            merging_contract.MergePersons,
            {**pair, "survivor_version": 1, "person_version": 1},
        ),
        (merging_queries.list_merged_persons, ById, {"id": hidden}),
        (relations_queries.search_related, relations_contract.SearchRelated, person),
        (
            relations_queries.get_relation,
            relations_contract.GetRelation,
            {"person_id": seen, "relation_id": registry.relation},
        ),
        (
            relations_commands.relate_persons,
            relations_contract.RelatePersons,
            {"person_id": seen, "related_id": hidden, "kind": "other"},
        ),
    ]
    answers = {use_case.__name__: registry.refusal(use_case, takes, user, body) for use_case, takes, body in asked}
    assert set(answers.values()) == {"person_not_found"}, answers


def test_no_search_list_or_export_has_them(registry: Registry) -> None:
    user, seen = registry.user(**PROSPECTS), registry.client["id"]
    for asked in ({}, {"q": "Rita"}, {"q": registry.document}, {"q": f"#{registry.employee['code']}"},
                  {"category": "employee"}):  # fmt: skip
        found = registry.do(persons_queries.search_persons, persons_contract.SearchPersons, user, **asked)["items"]
        assert {one.id for one in found} <= {seen}, asked
    assert registry.do(persons_queries.list_duplicates, persons_contract.ListDuplicates, user)["items"] == []
    assert len(registry.do(persons_queries.list_duplicates, persons_contract.ListDuplicates)["items"]) == 1
    related = {"person_id": seen}
    assert (
        registry.do(relations_queries.search_related, relations_contract.SearchRelated, user, **related)["items"] == []
    )
    rows = registry.do(exports_queries.list_export_rows, exports_contract.ListExportRows, user)["rows"]
    assert len(rows) == 1
    assert len(registry.do(exports_queries.list_export_rows, exports_contract.ListExportRows)["rows"]) == 2


def test_who_has_a_document_is_not_named_and_a_probable_duplicate_is_not_shown(registry: Registry) -> None:
    user = registry.user(**PROSPECTS)
    body = {"name": "Rita Flores", "categories": ["prospect"], "phones": [{"number": "11987654321"}]}
    made = registry.do(persons_commands.register_person, persons_contract.RegisterPerson, user, **body)
    assert {warning["person"].id for warning in made["warnings"]} == {registry.client["id"]}
    with pytest.raises(Conflict) as refusal:
        registry.do(
            persons_commands.register_person, persons_contract.RegisterPerson, user, **body, document=registry.document
        )
    assert (refusal.value.code, refusal.value.params) == ("person_exists", {})


def test_nobody_makes_who_they_would_not_see(registry: Registry) -> None:
    user = registry.user(**PROSPECTS)
    for categories in (["employee"], ["prospect", "employee"]):
        with pytest.raises(Forbidden, match="category_hidden"):
            registry.do(
                persons_commands.register_person, persons_contract.RegisterPerson, user, name="x", categories=categories
            )
    body = {"person_id": registry.client["id"], "categories": ["prospect", "supplier"]}
    with pytest.raises(Forbidden, match="category_hidden"):
        registry.do(persons_commands.change_person, persons_contract.ChangePerson, user, **body)


def test_who_was_merged_in_is_not_named_to_who_would_not_see_them(registry: Registry) -> None:
    versions = {"survivor_version": 2, "person_version": 2}
    body = {"survivor_id": registry.client["id"], "person_id": registry.employee["id"], **versions}
    registry.do(merging_commands.merge_persons, merging_contract.MergePersons, **body)
    registry.memory.collection("persons").kept[registry.client["id"]]["categories"] = ["prospect"]
    asked = {"id": registry.client["id"]}
    user = registry.user(**PROSPECTS)
    assert registry.do(merging_queries.list_merged_persons, ById, user, **asked)["items"] == []
    assert len(registry.do(merging_queries.list_merged_persons, ById, **asked)["items"]) == 1
    unmerge = {"person_id": registry.employee["id"]}
    assert (
        registry.refusal(merging_commands.unmerge_person, merging_contract.UnmergePerson, user, unmerge)
        == "person_not_found"
    )


def test_addresses_are_given_by_who_sees_them() -> None:
    takes = instance(persons_contract.RegisterPerson)
    sight = Sight("u1", {SECTION: ["contracts"]})
    sections.refuse_hidden_fields(sight, takes, load(persons_contract.RegisterPerson, {"name": "Rita"}))
    with pytest.raises(Forbidden, match="section_hidden"):
        sections.refuse_hidden_fields(
            sight, takes, load(persons_contract.RegisterPerson, {"name": "Rita", "addresses": [ADDRESS]})
        )
