"""An answer is made where failures become answers: what cannot be said in JSON is an internal error, and no more."""

from __future__ import annotations

import datetime as dt
import json
import time
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from marshmallow import fields

from services.chassis.access.context import Context, seal
from services.chassis.errors import Failure, Invalid
from services.chassis.handling import unit_of_work
from services.chassis.handling.entrypoints import query
from services.chassis.handling.extensions import RpcEntrypoint
from services.chassis.handling.retrying import Retrier
from services.chassis.schemas import JsonValue, Result, Strict, instance, json_object
from tests.support.stack.wire_keys import WireKeys

KEYS = WireKeys()
DEEP: list[Any] = []
for _ in range(200):
    DEEP = [DEEP]


class Asked(Strict):
    pass


class Loose(Result):
    value = fields.Raw()


class Plain(Result):
    value = JsonValue(allow_none=True)
    facts = json_object()


class Channel:
    """Keeps what is published and acknowledged."""

    connection = SimpleNamespace(transport=SimpleNamespace(_write=None))

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def send_method(self, method: Any, form: str, arguments: Any, message: Any) -> None:
        self.sent.append(json.loads(message.body))


class Message:
    content_type = "application/json"

    def __init__(self) -> None:
        self.body = json.dumps({"args": [], "kwargs": {}}).encode()
        context = Context("c1", "u1", "Ana", ("people.read",), "r1", time.time() + 10)
        self.delivery_info = {"routing_key": "people.get_thing"}
        self.headers = seal(context, "people.get_thing", self.body, KEYS.ring())
        self.properties = {"reply_to": "amq.rabbitmq.reply-to.x", "correlation_id": "1"}
        self.channel = Channel()
        self.acknowledged = 0

    def ack(self) -> None:
        self.acknowledged += 1


SERVICE = SimpleNamespace(
    runtime=SimpleNamespace(
        config=SimpleNamespace(keys=KEYS.ring("people")), session=lambda context, session: None, retrier=Retrier(20)
    )
)


def asked(value: Any = None, refusal: Failure | None = None) -> tuple[Message, dict[str, Any]]:
    """What a query that finds `value`, or refuses, is answered with, through the entrypoint that nameko calls."""

    def get_thing(session: Any, data: Any) -> Any:
        if refusal is not None:
            raise refusal
        return {"value": value}

    handle = query(takes=Asked, gives=Loose, needs="people.read")(get_thing)
    entrypoint = RpcEntrypoint()
    entrypoint.method_name = "get_thing"
    entrypoint.rpc_queue = SimpleNamespace(  # type: ignore[assignment]
        consumer=SimpleNamespace(ack_message=lambda message: message.ack())
    )
    entrypoint.container = SimpleNamespace(config={"vinculo": SERVICE.runtime.config})
    message = Message()
    entrypoint._answer(message, None, handle(SERVICE, message), None)
    return message, message.channel.sent[0]


@pytest.mark.parametrize(
    "value",
    [dt.datetime(2026, 3, 5, tzinfo=dt.UTC), Decimal("1.5"), b"x", {1, 2}, float("nan"), float("inf"), object()],
    ids=lambda value: type(value).__name__,
)
def test_a_result_that_is_no_json_is_an_internal_error_and_the_request_is_settled(value: Any) -> None:
    message, answer = asked(value)
    assert answer["result"] is None
    assert (answer["error"]["kind"], answer["error"]["code"]) == ("internal", "internal_error")
    assert message.acknowledged == 1


def test_a_result_that_holds_itself_is_an_internal_error() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert asked(endless)[1]["error"]["code"] == "internal_error"


def test_a_refusal_whose_facts_are_no_json_keeps_its_code() -> None:
    refusal = Invalid("day_invalid", "O dia não serve.", day=dt.date(2026, 3, 5))
    error = asked(refusal=refusal)[1]["error"]
    assert error == {"kind": "invalid", "code": "day_invalid", "detail": "O dia não serve.", "params": {}}


def test_a_refusal_that_repeats_half_a_character_is_said() -> None:
    _, answer = asked(refusal=Invalid("input_invalid", "", fields={"a\ud800": ["x"]}))
    assert answer["error"]["params"] == {"fields": {"a\ud800": ["x"]}}


def test_an_answer_that_cannot_be_sent_raises_nothing_into_nameko() -> None:
    message = Message()

    def broken(*_: Any) -> None:
        raise KeyError("no channel")

    message.channel.send_method = broken  # type: ignore[assignment, method-assign]
    entrypoint = RpcEntrypoint()
    entrypoint.method_name = "get_thing"
    entrypoint.rpc_queue = SimpleNamespace(  # type: ignore[assignment]
        consumer=SimpleNamespace(ack_message=lambda message: message.ack())
    )
    error = (ValueError, ValueError("x"), None)
    assert entrypoint._answer(message, None, None, error) == (None, None)
    assert message.acknowledged == 1


@pytest.mark.parametrize("value", [None, True, 1, 1.5, "x", [1, {"a": None}], {"a": [1]}, (1, "x")])
def test_plain_json_passes_both_ways(value: Any) -> None:
    assert instance(Plain).dump({"value": value})["value"] == value
    assert instance(Plain).load({"value": value})["value"] == value


@pytest.mark.parametrize("value", [dt.date(2026, 3, 5), Decimal(1), b"x", float("nan"), {1: "x"}, DEEP])
def test_what_is_no_json_is_refused_both_ways(value: Any) -> None:
    with pytest.raises(ValueError, match="JSON"):
        instance(Plain).dump({"facts": {"inner": value}})
    assert "value" in instance(Plain).validate({"value": value})


@pytest.mark.parametrize("secret", [False, True], ids=["plain", "secret"])
def test_a_command_whose_answer_is_no_json_commits_nothing(secret: bool) -> None:
    committed: list[Any] = []

    class Database:
        def transact(self, work: Any, seconds: float, lane: str) -> Any:
            committed.append(result := work(None))
            return result

    marks = SimpleNamespace(find_one=lambda where: None, insert=lambda document: None)
    session = SimpleNamespace(flush=lambda: None, tenant=SimpleNamespace(collection=lambda name: marks))
    runtime = SimpleNamespace(
        database=Database(), session=lambda context, client_session: session, hand_over=lambda session: None
    )
    context = Context("c1", "u1", "Ana", (), "r1", time.time() + 10)
    service, told = SimpleNamespace(runtime=runtime), {"value": dt.date(2026, 3, 5)}
    with pytest.raises(TypeError, match="not JSON serializable"):
        unit_of_work.run_command(service, context, lambda tx, data: told, {}, Loose, unit_of_work.Options(secret))
    assert not committed
