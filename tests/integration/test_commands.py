"""A command is one transaction, done once a key; whoever asks without a signature gets nothing."""

from __future__ import annotations

import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pika
import pytest

from services.chassis import ids
from services.chassis.access.context import CONTEXT_HEADER, SIGNATURE_HEADER, seal
from tests.chaos.rig import Rig
from tests.support.stack import raw
from tests.support.stack.bus import Bus, NoAnswer
from tests.support.stack.ports import wait_for
from tests.support.stack.wire_keys import WireKeys

NOTE = "probe.note"


def unique(text: str) -> str:
    return f"{text} {uuid.uuid4().hex}"


def test_one_key_twenty_times_in_parallel_makes_one_entry_and_twenty_equal_answers(rig: Rig) -> None:
    text, key = unique("twenty"), uuid.uuid4().hex

    def write(_: int) -> Any:
        caller = rig.bus()
        answer = caller.result("probe", "note", {"text": text}, key=key, seconds=25)
        caller.close()
        return json.dumps(answer, sort_keys=True)

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(write, range(20)))
    assert len(answers) == 20
    assert len(set(answers)) == 1
    assert rig.texts("notes").count(text) == 1
    wait_for(lambda: text in rig.texts("heard"), what="the event is heard")
    assert rig.texts("heard").count(text) == 1


def test_a_use_case_that_is_run_again_gets_its_input_whole(rig: Rig, bus: Bus) -> None:
    text = unique("stumble")
    assert bus.result("probe", "stumble", {"text": text, "seconds": 1.5}) == {"seconds": 1.5}
    assert len(rig.starts("stumble", text)) == 2


def test_a_key_with_other_input_is_refused(bus: Bus) -> None:
    key = uuid.uuid4().hex
    bus.result("probe", "note", {"text": unique("first")}, key=key)
    refused = bus.call("probe", "note", {"text": unique("second")}, key=key)
    assert refused["error"]["code"] == "idempotency_key_reused"


def test_the_same_key_of_another_company_is_another_command(rig: Rig, bus: Bus) -> None:
    key, text = uuid.uuid4().hex, unique("both")
    first = bus.result("probe", "note", {"text": text}, key=key, company="c1")
    second = bus.result("probe", "note", {"text": text}, key=key, company="c2")
    assert first["id"] != second["id"]
    assert rig.texts("notes").count(text) == 2


def test_a_request_without_reply_to_is_done_and_leaves_the_service_alive(rig: Rig, bus: Bus) -> None:
    text = unique("one way")
    body = raw.body_of({"text": text})
    headers = raw.sealed(bus, NOTE, body)
    bus.publish("nameko-rpc", NOTE, body, pika.BasicProperties(content_type="application/json", headers=headers))
    wait_for(lambda: text in rig.texts("notes"), what="the one-way request is done")
    assert bus.result("probe", "nap", {"seconds": 0}) == {"seconds": 0.0}
    assert rig.processes["probe"].alive()


def test_an_answer_that_is_no_json_is_refused_and_leaves_the_service_alive(rig: Rig, bus: Bus) -> None:
    for _ in range(3):
        assert bus.call("probe", "babble", {"seconds": 0})["error"]["code"] == "internal_error"
    assert bus.result("probe", "nap", {"seconds": 0}) == {"seconds": 0.0}
    assert rig.processes["probe"].alive()
    assert rig.depth("rpc-probe") == 0


@pytest.mark.parametrize("made_now", [False, True], ids=["of any kind", "as if made now"])
def test_a_hundred_invented_ids_at_once_do_not_delay_another_call(rig: Rig, made_now: bool) -> None:
    def miss(_: int) -> Any:
        caller = rig.bus()
        invented = ids.new_id() if made_now else uuid.uuid4().hex
        refused = caller.call("probe", "miss", {"text": invented, "seconds": 0}, seconds=20)
        caller.close()
        return refused["error"]["code"]

    other = rig.bus()
    with ThreadPoolExecutor(100) as threads:
        refusals = [threads.submit(miss, number) for number in range(100)]
        wait_for(lambda: sum(one.done() for one in refusals) > 0, what="the first is refused")
        slowest = 0.0
        while not all(one.done() for one in refusals):
            began = time.monotonic()
            other.result("probe", "nap", {"seconds": 0})
            slowest = max(slowest, time.monotonic() - began)
    assert {one.result() for one in refusals} == {"person_not_found"}
    assert slowest < 3, slowest  # a worker that waits for each of them would take 10 s
    other.close()


def forgeries(bus: Bus, body: bytes) -> dict[str, dict[str, Any]]:
    good = raw.sealed(bus, NOTE, body)
    other_company = {**json.loads(good[CONTEXT_HEADER]), "company": "theirs"}
    return {
        "nothing": {},
        "unsigned": {CONTEXT_HEADER: good[CONTEXT_HEADER]},
        "another key": dict(seal(raw.context(), NOTE, body, WireKeys().ring())),
        "another method": raw.sealed(bus, "probe.nap", body),
        "another body": raw.sealed(bus, NOTE, body + b" "),
        "another company": {**good, CONTEXT_HEADER: json.dumps(other_company)},
        "a number": {**good, SIGNATURE_HEADER: 1},
        "other letters": {**good, SIGNATURE_HEADER: "ção"},
    }


@pytest.mark.parametrize(
    "forgery",
    ["nothing", "unsigned", "another key", "another method", "another body", "another company", "a number",
     "other letters"],
)  # fmt: skip
def test_a_forged_context_is_refused_and_writes_nothing(rig: Rig, bus: Bus, forgery: str) -> None:
    text = unique("forged")
    body = raw.body_of({"text": text})
    answer = raw.ask(bus, NOTE, body, forgeries(bus, body)[forgery])
    assert answer["error"]["code"] == "signature_invalid"
    assert text not in rig.texts("notes")


def test_a_permission_that_the_context_lacks_is_refused(bus: Bus) -> None:
    body = raw.body_of({"text": "x"})
    answer = raw.ask(bus, NOTE, body, raw.sealed(bus, NOTE, body, permissions=("probe.read",)))
    assert answer["error"]["kind"] == "forbidden"


def test_a_request_whose_time_is_over_is_not_begun(rig: Rig, bus: Bus) -> None:
    text = unique("late")
    body = raw.body_of({"text": text})
    answer = raw.ask(bus, NOTE, body, raw.sealed(bus, NOTE, body, deadline=1.0))
    assert answer["error"]["kind"] == "deadline_exceeded"
    assert text not in rig.texts("notes")


def test_an_unknown_method_and_unknown_fields_are_refused(bus: Bus) -> None:
    unknown = bus.call("probe", "destroy", {})["error"]
    assert (unknown["code"], unknown["kind"]) == ("method_unknown", "unavailable"), "another replica may know it"
    assert bus.call("probe", "note", {"text": "x", "extra": 1})["error"]["code"] == "input_invalid"


@pytest.mark.parametrize("kind", ["datetime", "uuid", "bytes", "no such type"])
def test_json_that_looks_like_a_typed_object_stays_a_dict(bus: Bus, kind: str) -> None:
    user_data = {"__type__": kind, "__value__": "2026-01-01T00:00:00"}
    answer = bus.result("probe", "note", {"text": unique("typed"), "raw": user_data})
    assert (answer["raw"], answer["raw_type"]) == (user_data, "dict")


def test_a_command_that_its_caller_gave_up_while_the_service_was_down_never_runs(rig: Rig, bus: Bus) -> None:
    late, after = unique("given up"), unique("after")
    rig.processes["probe"].stop()
    with pytest.raises(NoAnswer):
        bus.call("probe", "note", {"text": late}, seconds=0.5)
    rig.start("probe")
    bus.result("probe", "note", {"text": after}, seconds=10)
    assert rig.depth("rpc-probe") == 0
    assert late not in rig.texts("notes")
    assert not rig.starts("note", late)
