"""Parts of a backup without engines: the moment between two marks, what is a company's own, batches of documents."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import bson
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument

from deploy.operations.backup.in_flight import MARK, Tap, _kept
from deploy.operations.backup.one_company import is_of
from deploy.operations.backup.records import Collection, Manifest, Message
from deploy.operations.backup.restoring import BATCH, _grouped, known_again
from deploy.operations.backup.taking import _once, company_of, own_part
from services.chassis.access.context import INSTALLATION


class Channel:
    """A queue in memory, which is bound to all exchanges."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.deleted: list[str] = []

    def queue_declare(self, name: str, **_: Any) -> Any:
        return SimpleNamespace(queue="tap")

    def queue_bind(self, *_: Any) -> None:
        """All of them."""

    def queue_delete(self, name: str) -> None:
        self.deleted.append(name)

    def basic_get(self, name: str, **_: Any) -> Any:
        return self.messages.pop(0) if self.messages else None

    def announce(self, body: str, **headers: str) -> None:
        info = {"exchange": "people.events", "routing_key": "person_registered"}
        self.messages.append(SimpleNamespace(body=body, headers=headers, delivery_info=info))


def tap() -> tuple[Tap, Channel]:
    channel = Channel()
    return Tap(SimpleNamespace(channel=lambda: channel)), channel


def test_a_moment_in_which_nothing_is_heard_divides_what_was_from_what_will_be() -> None:
    hearing, channel = tap()
    channel.announce("before", **{"vinculo-signature": "s"})

    def mark(queue: str, word: str) -> None:
        channel.announce("{}", **{MARK: word})

    assert not hearing.quiet(lambda: channel.announce("meanwhile"), mark)
    assert [one.body for one in hearing.heard] == [b"before", b"meanwhile"]
    channel.announce("between two tries")
    assert hearing.quiet(lambda: None, mark)
    channel.announce("after")
    assert [one.body for one in hearing.heard] == [b"before", b"meanwhile", b"between two tries"]
    assert hearing.heard[0].headers == {"vinculo-signature": "s"}
    hearing.close()
    assert channel.deleted == ["tap"]


def test_a_retry_goes_where_it_was_going_and_a_dead_letter_keeps_its_reason() -> None:
    headers = {"vinculo-signature": "s", "vinculo-reason": "KeyError"}
    message = SimpleNamespace(body=b"{}", headers=headers, delivery_info={"exchange": "x", "routing_key": "evt-a"})
    assert _kept("retry.sales.5", message) == Message("", "evt-a", b"{}", {"vinculo-signature": "s"})
    assert _kept("dead.sales", message) == Message("", "dead.sales", b"{}", headers)
    assert _kept("evt-b", message) == Message("", "evt-b", b"{}", {"vinculo-signature": "s"})


def test_a_message_that_was_seen_twice_is_kept_once() -> None:
    one, other = Message("x", "k", b"1"), Message("", "dead.x", b"1")
    assert _once([one, other, one]) == [one, other]


def test_the_company_of_a_message_is_what_it_says() -> None:
    assert company_of(b'{"company": "c1"}') == "c1"
    assert [company_of(body) for body in (b"x", b"[]", b"{}", b'{"company": 7}', b"[" * 100_000)] == [None] * 5


def test_of_a_user_only_what_they_are_to_the_company_is_kept() -> None:
    user = {
        "_id": "u1", "login": "a@b", "memberships": {"c1": {"roles": ["x"]}, "c2": {"roles": ["y"]}},
        "finders": ["company:c1", "role:c1:x", "company:c2", "role:c2:y", "person:c2:p"],
    }  # fmt: skip
    own = own_part(RawBSONDocument(bson.encode(user)), "c1")
    assert (own["memberships"], own["finders"]) == ({"c1": {"roles": ["x"]}}, ["company:c1", "role:c1:x"])
    assert "c2" not in str(own)


def test_documents_come_in_batches_of_one_collection_and_messages_are_published_last() -> None:
    sent: list[Any] = []
    documents = [RawBSONDocument(bson.encode({"_id": number})) for number in range(BATCH + 3)]
    persons, users, empty = Collection("people", "persons"), Collection("people", "users"), Collection("sales", "x")
    message = Message("people.events", "k", b"{}", {"h": 1})
    records = [persons, *documents, users, documents[0], empty, message, Manifest({}, 1)]
    sending = SimpleNamespace(publish=lambda *told: sent.append(told))
    batches = [(where.name, len(batch)) for where, batch in _grouped(records, sending)]  # type: ignore[arg-type]
    assert batches == [("persons", BATCH), ("persons", 3), ("users", 1)]
    assert sent == [("people.events", "k", b"{}", {"h": 1})]


def test_an_applied_event_of_an_old_backup_is_known_from_now_on() -> None:
    then, now = dt.datetime(2026, 1, 2, tzinfo=dt.UTC), dt.datetime(2026, 4, 2, tzinfo=dt.UTC)
    mark = RawBSONDocument(bson.encode({"_id": "on_people_person_changed|e1", "company": "c1", "at": then}))
    again: Any = bson.decode(known_again(mark, now).raw, CodecOptions(tz_aware=True, tzinfo=dt.UTC))
    assert again == {"_id": "on_people_person_changed|e1", "company": "c1", "at": now}


def test_a_file_of_one_company_may_hold_only_what_is_its_own() -> None:
    def document(**fields: Any) -> RawBSONDocument:
        return RawBSONDocument(bson.encode(fields))

    own, others = document(_id="1", company="c1"), document(_id="2", company="c2")
    shared = document(_id="c1", company=INSTALLATION)
    assert is_of("c1", "people.persons", own)
    assert not is_of("c1", "people.persons", others)
    assert not is_of("c1", "people.persons", document(_id="3"))
    assert is_of("c1", "people.companies", shared)
    assert is_of("c1", "people.users", shared)
    assert not is_of("c1", "people.companies", document(_id="c2", company=INSTALLATION))
    assert not is_of("c1", "people.persons", shared)
    assert is_of("c1", "", Message("", "evt-x", b'{"company": "c1"}'))
    assert not is_of("c1", "", Message("", "evt-x", b'{"company": "c2"}'))
    assert not is_of("c1", "", Message("", "rpc-people", b"{}"))
