"""Row P1: persons from before the search keys of today are found by them, after a pass that may be ended at any point,
beside processes that write."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from dataclasses import replace

import pytest

from deploy.local.database import Database as Running
from services.chassis.storage import recomputed_keys
from services.chassis.storage.database import Database
from services.chassis.storage.recomputed_keys import PASSES, recompute
from services.chassis.storage.rows import Document
from services.people.persons.model.person import Person
from services.people.persons.model.search import KEYS_MARK, read_query
from services.people.persons.repository import RECOMPUTED, document_of

NOW = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)
COUNT = 2 * recomputed_keys.BATCH + 3
# Partial e-mail, first digits of the document and of the phone, initials.
ASKED = ("rita.flores@", "@padaria.example", "529982", "1198765", "A.B.C.")


def of_before(number: int, version: int = 1) -> Document:
    """As the first version wrote a person: found by the whole e-mail, the document and the name's words only."""
    person = Person(
        id=f"{number:05}", code=number, name="A.B.C. Padaria", short_name="", version=version, document="52998224725",
        emails=[{"id": "1", "address": "rita.flores@padaria.example", "main": True}],
        phones=[{"id": "1", "number": "+5511987654321", "extension": "", "main": True}], created_at=NOW,
        categories=["prospect"], addresses=[], contacts=[],
    )  # fmt: skip
    keys = ["rita.flores@padaria.example", "52998224725", "padaria", "4321"]
    return {**document_of(person), "company": f"c{number % 3}", "keys": keys}


@pytest.fixture
def service(database: Running) -> Iterator[Database]:
    made = Database(database.uri, f"t{secrets.token_hex(4)}_people")
    made.collection("persons").insert_many([of_before(number) for number in range(COUNT)])
    yield made
    made.close()


def found(service: Database, q: str) -> int:
    (key, *_), persons = read_query(q).keys, service.collection("persons")
    return sum(key in one["keys"] for one in persons.find())


def test_persons_from_before_are_found_by_what_todays_are(service: Database) -> None:
    before = {one["_id"]: one for one in service.collection("persons").find()}
    assert [found(service, q) for q in ASKED] == [0] * len(ASKED)
    assert recompute(service, RECOMPUTED, NOW) == COUNT
    assert [found(service, q) for q in ASKED] == [COUNT] * len(ASKED)
    for one in service.collection("persons").find():
        assert {**one, "keys": []} == {**before[one["_id"]], "keys": []}, "nothing else changes"


def test_a_pass_that_ends_in_the_middle_goes_on_and_computes_nothing_twice(service: Database) -> None:
    computed: list[str] = []

    def make(document: Document) -> list[str]:
        if len(computed) == recomputed_keys.BATCH + 7:
            computed.append("ended")
            raise InterruptedError
        computed.append(document["_id"])
        return RECOMPUTED.make(document)

    wanted = replace(RECOMPUTED, make=make)
    with pytest.raises(InterruptedError):
        recompute(service, wanted, NOW)
    left = COUNT - recomputed_keys.BATCH
    assert service.collection("persons").count_documents({"keys": KEYS_MARK}) == recomputed_keys.BATCH
    assert recompute(service, wanted, NOW) == left
    assert service.collection("persons").count_documents({"keys": KEYS_MARK}) == COUNT


def test_what_somebody_writes_meanwhile_stays_as_they_wrote_it(service: Database) -> None:
    persons = service.collection("persons")

    def make(document: Document) -> list[str]:
        if document["_id"] == "00005":
            persons.update_one({"_id": "00005"}, {"$set": {"version": 2, "keys": ["written", KEYS_MARK]}})
        return RECOMPUTED.make(document)

    recompute(service, replace(RECOMPUTED, make=make), NOW)
    written = persons.find_one({"_id": "00005"})
    assert written is not None
    assert written["keys"] == ["written", KEYS_MARK]


def test_what_an_older_process_writes_after_the_pass_is_found_a_day_later(
    service: Database,
) -> None:
    persons = service.collection("persons")
    assert recompute(service, RECOMPUTED, NOW) == COUNT
    persons.replace_one({"_id": "00001"}, {**of_before(1, version=2)})
    assert recompute(service, RECOMPUTED, NOW + dt.timedelta(hours=23)) == 0, "not yet"
    assert recompute(service, RECOMPUTED, NOW + dt.timedelta(days=1)) == 1
    assert recompute(service, RECOMPUTED, NOW + dt.timedelta(days=2)) == 0
    assert [one.get("done") for one in service.collection(PASSES).find()] == [True]
    assert recompute(service, RECOMPUTED, NOW + dt.timedelta(days=9)) == 0


def test_an_installation_without_persons_keeps_no_note_of_a_pass(database: Running) -> None:
    empty = Database(database.uri, f"t{secrets.token_hex(4)}_people")
    try:
        assert recompute(empty, RECOMPUTED, NOW) == 0
        assert list(empty.collection(PASSES).find()) == []
    finally:
        empty.close()
