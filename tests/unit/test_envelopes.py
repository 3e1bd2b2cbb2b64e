"""An event's envelope is read with bounds: what is beyond them is no event, and would outlast every later one."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from marshmallow import fields

from services.chassis.errors import Invalid
from services.chassis.handling.session import Actor
from services.chassis.handling.subscriptions import read_event
from services.chassis.replicas.replica import LAST
from services.chassis.schemas import EventData

ENVELOPE: dict[str, Any] = {
    "id": "e1", "source": "people", "name": "noted", "version": 1, "company": "c1", "aggregate": "a1", "sequence": 3,
    "actor": {"id": "u1", "name": "Ana"}, "cause": "r1", "at": "2026-01-02T03:04:05.678+00:00", "data": {"text": "x"},
}  # fmt: skip


class Noted(EventData):
    text = fields.String(required=True)


def test_an_envelope_as_the_outbox_writes_it_is_read() -> None:
    event, actor, cause = read_event(Noted, json.dumps(ENVELOPE).encode())
    assert (event.id, event.company, event.aggregate, event.sequence) == ("e1", "c1", "a1", 3)
    assert (event.at, event.data, event.trace) == (
        dt.datetime(2026, 1, 2, 3, 4, 5, 678_000, dt.UTC), {"text": "x"}, None
    )  # fmt: skip
    assert (actor, cause) == (Actor("u1", "Ana"), "r1")


def test_what_a_later_version_says_besides_is_left_out() -> None:
    assert read_event(Noted, json.dumps({**ENVELOPE, "more": 1, "data": {"text": "x", "more": 1}}).encode())[
        0
    ].data == {"text": "x"}


@pytest.mark.parametrize(
    "said",
    [
        {"company": {"$gt": ""}}, {"company": 7}, {"company": None}, {"company": ""}, {"id": ["a"]},
        {"id": "x" * 5_000}, {"aggregate": {"$ne": 1}}, {"aggregate": "a\x00b"}, {"aggregate": "\ud800"},
        {"cause": ["x"]},
        {"sequence": "1"}, {"sequence": LAST}, {"sequence": 2**70}, {"sequence": -1}, {"sequence": 1.5},
        {"sequence": True}, {"at": 5},
        {"at": "2026-01-01T00:00:00"}, {"at": "0001-01-01T00:00:00+14:00"}, {"at": "9999-12-31T23:59:59-14:00"},
        {"actor": None}, {"actor": {"id": {"$ne": 1}, "name": "Ana"}}, {"actor": {"id": "u1", "name": 5}},
        {"data": None},
    ],
    ids=lambda said: f"{said!s:.40}",
)  # fmt: skip
def test_what_is_none_is_refused_for_good(said: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="message_unreadable"):
        read_event(Noted, json.dumps({**ENVELOPE, **said}).encode())


@pytest.mark.parametrize("data", [[], {}, {"text": 5}], ids=str)
def test_data_that_its_reader_does_not_know_are_refused_as_such(data: Any) -> None:
    with pytest.raises(Invalid, match="input_invalid"):
        read_event(Noted, json.dumps({**ENVELOPE, "data": data}).encode())


@pytest.mark.parametrize("missing", [name for name in ENVELOPE if name not in ("source", "name", "version")])
def test_nothing_that_is_needed_may_be_missing(missing: str) -> None:
    with pytest.raises(Invalid):
        read_event(Noted, json.dumps({name: value for name, value in ENVELOPE.items() if name != missing}).encode())


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'"x"', b"[" * 100_000, b"\xff", b"NaN"])
def test_a_body_that_is_no_object_is_refused_for_good(body: bytes) -> None:
    with pytest.raises(Invalid):
        read_event(Noted, body)
