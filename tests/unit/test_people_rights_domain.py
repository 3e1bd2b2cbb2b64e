"""Merging and telling apart, erasing, consenting: the rules alone (row P7)."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import Conflict, Invalid
from services.chassis.schemas import instance
from services.people.consents.model import Decision, Purpose, in_force, refuse_decision
from services.people.erasure.model import ASKED, DONE, RUNNING, Erasure, anonymise, identifying_values
from services.people.merging import contract
from services.people.merging.model.merge import SCALARS, merge_records, refuse_merge, unmerge_record
from services.people.merging.model.union import MOST, UNITED
from services.people.persons.model.person import Person

NOW = dt.datetime(2026, 3, 5, 12, tzinfo=dt.UTC)
numbers = st.integers(0, 5).map(lambda last: {"number": f"(11) 98765-432{last}"})
mails = st.sampled_from(["a@um.example", "b@um.example", "c@um.example"]).map(lambda address: {"address": address})
contacts = st.sampled_from([{"name": "Rita"}, {"name": "Rui", "role": "compras"}])
persons = st.fixed_dictionaries(
    {"name": st.sampled_from(["Padaria Um", "Padaria Dois"]), "short_name": st.sampled_from(["", "Um"]),
     "emails": st.lists(mails, max_size=3), "phones": st.lists(numbers, max_size=3),
     "contacts": st.lists(contacts, max_size=2)},
)  # fmt: skip


def person(id: str, data: dict[str, Any]) -> Person:
    return Person.register(id=id, code=int(id), data=data, now=NOW)


def shown(one: Person) -> dict[str, Any]:
    return {name: getattr(one, name) for name in (*SCALARS, *UNITED)}


@given(persons, persons)
def test_merged_and_told_apart_is_what_was_before(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    survivor, other = person("1", ours), person("2", theirs)
    after = merge_records(survivor, other).survivor
    assert shown(unmerge_record(after, survivor, after, [])) == shown(survivor)


@given(persons, persons, persons)
def test_two_merged_come_apart_in_any_order(one: dict[str, Any], two: dict[str, Any], three: dict[str, Any]) -> None:
    survivor, first, second = person("1", one), person("2", two), person("3", three)
    with_first = merge_records(survivor, first).survivor
    with_both = merge_records(with_first, second).survivor
    last_only = unmerge_record(with_both, with_first, with_both, [first])
    assert shown(last_only) == shown(with_first)
    first_out = unmerge_record(with_both, survivor, with_first, [second])
    numbers = {phone["number"] for phone in first_out.phones}
    assert {phone["number"] for phone in [*survivor.phones, *second.phones]} <= numbers
    assert numbers <= {phone["number"] for phone in [*survivor.phones, *second.phones, *with_first.phones]}


@given(persons, persons)
def test_a_merge_loses_nothing_and_keeps_one_main(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    survivor, other = person("1", ours), person("2", theirs)
    after = merge_records(survivor, other).survivor
    for name, key in (("phones", "number"), ("emails", "address"), ("contacts", "name")):
        items = getattr(after, name)
        both = [*getattr(survivor, name), *getattr(other, name)]
        assert {item[key] for item in items} == {item[key] for item in both}
        assert sum(item["main"] for item in items) == (1 if items else 0), name


def test_contacts_of_two_addresses_that_become_one_have_one_main_contact() -> None:
    place = {"street": "Rua A", "number": "1", "city": "Lapa", "state": "PR"}
    survivor = person("1", {"name": "Um", "addresses": [place]})
    other = person("2", {"name": "Dois", "addresses": [place, {**place, "kind": "other"}]})
    for name, address in zip(("Rita", "Rui"), other.addresses, strict=True):
        other.add_item("contacts", {"name": name, "address_id": address["id"]})
    after = merge_records(survivor, other).survivor
    assert [(one["name"], one["main"]) for one in after.contacts] == [("Rita", True), ("Rui", False)]
    assert shown(unmerge_record(after, survivor, after, [])) == shown(survivor)
    after.add_item("contacts", {"name": "Ana", "address_id": after.addresses[0]["id"]})


def test_the_survivors_value_stays_unless_the_other_is_taken() -> None:
    survivor, other = person("1", {"name": "Um"}), person("2", {"name": "Dois", "short_name": "D"})
    assert merge_records(survivor, other).survivor.name == "Um"
    assert merge_records(survivor, other).survivor.short_name == "D"
    assert merge_records(survivor, other, ["name"]).survivor.name == "Dois"
    with pytest.raises(Invalid, match="merge_field_unknown"):
        merge_records(survivor, other, ["short_name"])


@pytest.mark.parametrize("name", UNITED)
def test_a_merge_makes_nobody_who_has_more_than_one_person_may(name: str) -> None:
    survivor, other = person("1", {"name": "Um"}), person("2", {"name": "Dois"})
    most, items = MOST[name][0], many(name)
    half = most // 2
    setattr(survivor, name, items[:half])
    setattr(other, name, items[half - 1 : most])  # one of them is the same
    full = merge_records(survivor, other).survivor
    assert len(getattr(full, name)) == most
    assert len(getattr(merge_records(full, other).survivor, name)) == most, "it adds nothing"
    setattr(other, name, items[half : most + 1])
    with pytest.raises(Conflict) as refusal:
        merge_records(survivor, other)
    assert (refusal.value.code, refusal.value.params) == (f"{name}_full", {"list": name, "limit": most})
    assert f"teriam {most + 1} " in refusal.value.detail


def many(name: str) -> list[Any]:
    """More items of a list than one person may have, each unlike the others."""
    fields = {"emails": "address", "phones": "number", "addresses": "street", "contacts": "name"}
    numbers = range(MOST[name][0] + 1)
    if name in fields:
        return [{"id": str(number), fields[name]: f"x{number}", "main": number == 0} for number in numbers]
    if name == "relations":
        return [{"id": str(number), "person_id": f"p{number}", "kind": "other"} for number in numbers]
    return [f"c{number}" for number in numbers]


def test_items_of_the_other_get_numbers_of_the_survivor_and_contacts_stay_at_their_address() -> None:
    place = {"street": "Rua Um", "city": "Curitiba", "state": "PR"}
    survivor = person("1", {"name": "Um", "addresses": [place]})
    other = person("2", {"name": "Dois", "addresses": [place, {**place, "street": "Rua Dois", "kind": "other"}]})
    for address in other.addresses:
        other.add_item("contacts", {"name": f"De {address['street']}", "address_id": address["id"]})
    after = merge_records(survivor, other).survivor
    streets = {address["id"]: address["street"] for address in after.addresses}
    assert [address["street"] for address in after.addresses] == ["Rua Um", "Rua Dois"]
    assert {c["name"]: streets[c["address_id"]] for c in after.contacts} == {
        "De Rua Um": "Rua Um", "De Rua Dois": "Rua Dois",
    }  # fmt: skip
    items = [*after.addresses, *after.contacts]
    assert len({item["id"] for item in items}) == len(items)
    assert after.last_item >= max(int(item["id"]) for item in items)


def test_an_inactive_person_receives_nobody() -> None:
    one, other = person("1", {"name": "Um"}), person("2", {"name": "Dois"})
    one.inactivate("Fechou", NOW)
    refuse_merge(other, one)
    with pytest.raises(Conflict, match="survivor_inactive"):
        refuse_merge(one, other)


def test_nobody_is_merged_with_itself_or_after_an_erasure() -> None:
    one, other = person("1", {"name": "Um"}), person("2", {"name": "Dois"})
    with pytest.raises(Conflict, match="merge_itself"):
        refuse_merge(one, one)
    with pytest.raises(Conflict, match="person_erased"):
        refuse_merge(one, replace(other, erased_at=NOW))


@given(persons)
def test_an_erased_person_has_none_of_its_values(data: dict[str, Any]) -> None:
    before = person("1", {**data, "document": "529.982.247-25"})
    after = anonymise(before, NOW)
    assert identifying_values(after) <= {"Pessoa apagada"}
    assert (after.id, after.code, after.document, after.erased_at, after.active) == ("1", 1, None, NOW, False)
    assert after.held_keys() == []
    assert not any(value.lower() in after.search_keys() for value in identifying_values(before))


def test_an_erasure_waits_for_every_service_and_counts_a_receipt_once() -> None:
    erasure = Erasure("e", "1", ["1"], RUNNING, "r", "l", NOW, "u", "Ana")
    for service in ASKED:
        assert not erasure.answered
        erasure.receive(service, [{"what": "rows", "count": 1}], NOW)
        erasure.receive(service, [{"what": "rows", "count": 0}], NOW)
    assert erasure.answered
    assert all(receipt["items"][0]["count"] == 1 for receipt in erasure.receipts.values())
    erasure.finish(NOW)
    assert erasure.state == DONE


def decision(given: bool, channel: str = "email") -> Decision:
    return Decision("d", "1", "marketing", channel, given, "formulário", "", NOW, "u", "Ana")


def test_the_newest_decision_of_each_purpose_and_channel_is_in_force() -> None:
    found = in_force([decision(False), decision(True, "sms"), decision(True)])
    assert [(d.channel, d.given) for d in found] == [("email", False), ("sms", True)]


@pytest.mark.parametrize(
    ("given", "last", "code"),
    [(False, None, "consent_missing"), (True, True, "consent_unchanged"), (False, False, "consent_unchanged")],
)
def test_a_decision_changes_something(given: bool, last: bool | None, code: str) -> None:
    with pytest.raises(Conflict, match=code):
        refuse_decision(decision(given), [Purpose("marketing", "m")], None if last is None else decision(last))


def test_a_preview_of_a_merge_is_plain_typed_json_with_every_list_and_field() -> None:
    """The other person's relations hold a moment, which once passed untyped and ended the process."""
    address = {"street": "Rua A", "city": "Santos", "state": "SP"}
    survivor = person("1", {"name": "Um", "short_name": "U", "categories": ["prospect"]})
    other = person(
        "2",
        {"name": "Dois", "short_name": "D", "categories": ["supplier"], "emails": [{"address": "a@um.example"}],
         "phones": [{"number": "(11) 98765-4321"}], "addresses": [address], "contacts": [{"name": "Rita"}]},
    )  # fmt: skip
    other.relate(person("3", {"name": "Três"}), "partner", "r1", NOW)
    other.characteristics = ["vip"]
    preview = merge_records(survivor, other)
    answer = instance(contract.MergePreview).dump({**vars(preview), "survivor_version": 1, "person_version": 2})
    assert json.loads(json.dumps(answer)) == answer
    assert set(answer["added"]) == set(UNITED)
    relation = {"id": "r1", "person": {"id": "3", "name": None}, "kind": "partner", "since": NOW.isoformat()}
    assert answer["added"]["relations"] == [relation]
    assert answer["added"]["addresses"][0]["street"] == "Rua A"
    told = {conflict["field"]: (conflict["survivor"], conflict["person"]) for conflict in answer["conflicts"]}
    assert told == {"name": ("Um", "Dois"), "short_name": ("U", "D")}


def test_every_field_that_a_merge_compares_is_a_text() -> None:
    """MergeConflict says so in its schema."""
    kinds = get_type_hints(Person)
    assert {kinds[name] for name in SCALARS} <= {str, str | None}
