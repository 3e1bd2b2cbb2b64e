"""A command with a secret: unreadable on the bus both ways, refused in clear, and answered once."""

from __future__ import annotations

import json
import time
from types import SimpleNamespace
from typing import Any

import pytest
from marshmallow import fields
from pymongo.errors import DuplicateKeyError

from services.chassis.access.context import Context, seal
from services.chassis.access.sections import ACCESS
from services.chassis.errors import ConcurrentUpdate, Unauthenticated
from services.chassis.handling.entrypoints import command
from services.chassis.handling.retrying import Retrier
from services.chassis.messaging.answers import Answer
from services.chassis.schemas import Result, Strict
from tests.support.stack.wire_keys import WireKeys

WIRE = WireKeys()
ROUTE = "people.make_key"


class Asked(Strict):
    password = fields.String(required=True)


class Made(Result):
    key = fields.String()


class Marks:
    """A collection with unique ids."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    def insert(self, document: Any) -> None:
        if document["_id"] in self.kept:
            raise DuplicateKeyError("answered")
        self.kept[document["_id"]] = document

    def delete(self, where: Any) -> None:
        del self.kept[where["_id"]]


class Runtime:
    """As much of one as a secret command needs."""

    def __init__(self) -> None:
        self.marks, self.parked, self.made = Marks(), list[bytes](), 0
        self.prepared = 0
        self.config = SimpleNamespace(keys=WIRE.ring("people"))
        self.retrier = Retrier(20, lambda seconds: None)
        self.database = SimpleNamespace(transact=self._transact)

    def session(self, context: Context, client_session: Any) -> Any:
        return SimpleNamespace(tenant=SimpleNamespace(collection=lambda name: self.marks), flush=lambda: None)

    def hand_over(self, session: Any) -> None:
        """Nothing is announced."""

    def park(self, message: Any, body: bytes, reason: str) -> None:
        self.parked.append(body)

    def _transact(self, work: Any, seconds: float, lane: str) -> Any:
        return work(None)


def service(wrong: Exception | None = None, times: int = 9) -> tuple[Runtime, Any]:
    """Its first `times` runs raise `wrong`."""
    runtime = Runtime()

    def prepare(session: Any, data: dict[str, Any]) -> dict[str, Any]:
        runtime.prepared += 1
        return data

    def make_key(tx: Any, data: dict[str, Any]) -> dict[str, Any]:
        runtime.made += 1
        if wrong is not None and runtime.made <= times:
            raise wrong
        return {"key": f"vk_{runtime.made}_of_{data['password']}"}

    needs: dict[str, Any] = {"takes": Asked, "gives": Made, "needs": "people.own", "section": ACCESS}
    return runtime, command(secret=True, before_transaction=prepare, **needs)(make_key)


def message(closed: bool = True, body: bytes | None = None, seconds: float = 10) -> Any:
    plain = json.dumps({"args": [], "kwargs": {"password": "janela azul"}}).encode() if body is None else body
    sent = WIRE.ring().encrypt("people", plain) if closed else plain
    context = Context("c1", "u1", "Ana", ("people.own",), "r1", time.time() + seconds)
    headers = seal(context, ROUTE, sent, WIRE.ring())
    return SimpleNamespace(
        content_type="application/json", body=sent, headers=headers, delivery_info={"routing_key": ROUTE}, properties={}
    )


def told(answer: Answer) -> Any:
    return json.loads(WIRE.ring().decrypt("people", answer.body))


def test_neither_the_request_nor_the_answer_can_be_read_on_the_bus() -> None:
    runtime, make_key = service()
    asked = message()
    answer = make_key(SimpleNamespace(runtime=runtime), asked)
    assert told(answer)["result"] == {"key": "vk_1_of_janela azul"}
    assert b"janela" not in asked.body
    assert b"vk_1" not in answer.body
    assert "janela" not in str(runtime.marks.kept)


def test_the_same_message_again_gives_nothing_and_another_one_does() -> None:
    """As who recorded it on the bus would send it, with an address for the reply of their own."""
    runtime, make_key = service()
    asked = message()
    made = [told(make_key(SimpleNamespace(runtime=runtime), each)) for each in (asked, asked, asked, message())]
    assert [each["error"] and each["error"]["code"] for each in made] == [
        None, "request_repeated", "request_repeated", None,
    ]  # fmt: skip
    assert runtime.made == 2


def test_what_is_recorded_is_remembered_until_its_deadline() -> None:
    """And a minute longer, for the database's clock."""
    runtime, make_key = service()
    asked = message(seconds=30)
    make_key(SimpleNamespace(runtime=runtime), asked)
    (mark,) = runtime.marks.kept.values()
    assert 85 < mark["until"].timestamp() - time.time() <= 90
    late = message(seconds=-1)
    assert told(make_key(SimpleNamespace(runtime=runtime), late))["error"]["code"] == "deadline_exceeded"


def test_a_refused_or_broken_one_is_not_tried_again_either() -> None:
    """A wrong password would be counted once more by each copy, until nobody may sign in."""
    for wrong, code in ((RuntimeError(), "internal_error"), (Unauthenticated("credentials_invalid", "x"), None)):
        runtime, make_key = service(wrong)
        asked = message()
        codes = [told(make_key(SimpleNamespace(runtime=runtime), asked))["error"]["code"] for _ in range(3)]
        assert codes == [code or "credentials_invalid", "request_repeated", "request_repeated"]
        assert (runtime.prepared, runtime.made) == (1, 1)


def test_what_the_chassis_runs_again_is_the_same_message_still() -> None:
    runtime, make_key = service(ConcurrentUpdate("version_changed", "x"), times=2)
    asked = message()
    assert told(make_key(SimpleNamespace(runtime=runtime), asked))["result"] == {"key": "vk_3_of_janela azul"}
    assert told(make_key(SimpleNamespace(runtime=runtime), asked))["error"]["code"] == "request_repeated"


@pytest.mark.parametrize("body", [None, b"{", b"[]"])
def test_a_secret_in_clear_is_refused_and_kept_nowhere(body: bytes | None) -> None:
    runtime, make_key = service()
    answer = make_key(SimpleNamespace(runtime=runtime), message(closed=False, body=body))
    assert told(answer)["error"]["code"] == "message_not_sealed"
    assert (runtime.made, runtime.parked) == (0, [])


def test_what_is_unreadable_inside_is_parked_as_it_came() -> None:
    runtime, make_key = service()
    asked = message(body=b"janela")
    assert told(make_key(SimpleNamespace(runtime=runtime), asked))["error"]["code"] == "message_unreadable"
    assert runtime.parked == [asked.body]


def test_a_body_that_somebody_else_closed_is_refused() -> None:
    runtime, make_key = service()
    asked = message()
    asked.body = WIRE.ring().encrypt("people", b'{"args": [], "kwargs": {"password": "other"}}')
    assert told(make_key(SimpleNamespace(runtime=runtime), asked))["error"]["code"] == "signature_invalid"
    assert runtime.made == 0
