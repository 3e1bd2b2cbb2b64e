"""Row P7: two records of one person become one in every list of every service, and unmerging restores them exactly."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import people, rights
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


@pytest.fixture
def pair(ana: Client) -> tuple[dict[str, Any], dict[str, Any]]:
    """A survivor without a document, and a person with one; one user watches both."""
    word = people.unique_word()
    survivor = ana.register(
        f"Padaria {word}", emails=[{"address": f"{word.lower()}@um.example"}], phones=[{"number": people.phone()}]
    )
    person = ana.register(
        f"Panificadora {word}", document=people.cpf(), short_name=word, phones=[{"number": people.phone()}]
    )
    rights.with_records(ana, survivor["id"], f"{word} um")
    rights.with_records(ana, person["id"], f"{word} dois")
    decision = {"purpose": "marketing", "channel": "email", "given": True, "source": "formulário"}
    ana.post(f"/v1/persons/{survivor['id']}/consents", decision)
    ana.post(f"/v1/persons/{person['id']}/consents", decision)
    return survivor, person


def together(ana: Client, survivor: str, wanted: dict[str, set[str]]) -> bool:
    return rights.ids(rights.lists(ana, survivor)) == wanted


def named(ana: Client, person: str) -> set[str]:
    """As it is kept of each attendance that was opened by hand."""
    items = ana.get(f"/v1/persons/{person}/attendances")["items"]
    return {item["contact_name"] for item in items} - {""}


def test_every_list_shows_the_survivor_and_unmerging_restores_every_list_exactly(
    system: System, ana: Client, pair: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    survivor, person = pair[0]["id"], pair[1]["id"]
    before = {one: rights.lists(ana, one) for one in (survivor, person)}
    ours, theirs = rights.ids(before[survivor]), rights.ids(before[person])
    merged = rights.merge(ana, survivor, person)
    assert merged["document"] == pair[1]["document"]
    assert len(merged["phones"]) == 2
    assert [phone["main"] for phone in merged["phones"]] == [True, False]
    united = {name: ours[name] | theirs[name] for name in ours}
    wait_for(lambda: together(ana, survivor, united), what="every list united")
    wait_for(lambda: named(ana, survivor) == {pair[0]["name"]}, what="the survivor's name on every attendance")
    shown = rights.lists(ana, survivor)
    assert len(shown["watchers"]["items"]) == 1
    for name in (*rights.ROWS, "deliveries"):
        assert {item["person"]["id"] if "person" in item else item["person_id"] for item in shown[name]["items"]} == {
            survivor
        }, name
    # by the old id, every list is the survivor's too
    assert rights.lists(ana, person) == shown
    ana.post(f"/v1/persons/{person}/unmerge", {})
    wait_for(lambda: together(ana, survivor, ours) and together(ana, person, theirs), what="every list apart")
    for one in (survivor, person):
        wait_for(lambda one=one: rights.lists(ana, one) == before[one], what="as before")  # type: ignore[misc]
    left = [
        (name, collection)
        for name, collection in (
            ("attendance", "attendances"), ("sales", "opportunities"), ("scheduling", "appointments"),
            ("notifications", "watches"), ("notifications", "deliveries"), ("people", "consents"),
        )
        if system.mongo(name)[collection].find_one({"_person_id_origin": {"$in": [survivor, person]}})
    ]  # fmt: skip
    assert not left


def test_what_is_written_to_the_old_id_lands_on_the_survivor(ana: Client) -> None:
    word = people.unique_word()
    survivor, person = ana.register(f"Fica {word}")["id"], ana.register(f"Vai {word}")["id"]
    rights.merge(ana, survivor, person)
    made = rights.with_records(ana, person, word, watched=False)
    wait_for(lambda: made["attendance"]["id"] in rights.ids(rights.lists(ana, survivor))["attendances"], what="landed")
    contact = ana.post(f"/v1/persons/{person}/contacts", {"name": "Rita"})
    assert contact["id"] == survivor
