"""The operator's command as somebody uses it who has its help only: from `vinculo status` to a poison message that is
dealt with. Each call is a process of its own, in the environment that an operator has."""

from __future__ import annotations

import json
import re
import secrets
import subprocess
from collections.abc import Iterator
from typing import Any

import pika
import pytest

from deploy import keys
from services.chassis import ids
from services.chassis.access.keyring import Keyring, public_of
from tests.support.builders import keys as keys_of_others
from tests.support.golden import SAMPLES
from tests.support.stack.operator import KNOWN_KEYS, Operator
from tests.support.stack.ports import wait_for
from tests.support.stack.system import ROOT, Client, System

QUEUE = "evt-people-person_registered--notifications.on_people_person_registered"


@pytest.fixture
def operator(system: System) -> Operator:
    return Operator(system)


@pytest.fixture
def registered() -> dict[str, Any]:
    """An announcement of people's, of a person that nobody else knows."""
    person = ids.new_id()
    data = json.loads((SAMPLES / "people.person_registered.json").read_text())
    return {
        "id": ids.new_id(), "source": "people", "name": "person_registered", "version": 1, "aggregate": person,
        "sequence": 1, "actor": {"id": "u1", "name": "Ana"}, "cause": "test", "at": "2026-01-02T03:04:05+00:00",
        "data": {**data, "person_id": person},
    }  # fmt: skip


@pytest.fixture
def new_seed(system: System) -> Iterator[str]:
    """The key that people was given, and nobody was told of; in the end all is as it was."""
    notifications = system.processes["notifications"]
    before = notifications.env[KNOWN_KEYS]
    yield keys.new_seeds(("people",))["people"]
    if notifications.env[KNOWN_KEYS] != before:
        notifications.env[KNOWN_KEYS] = before
        notifications.stop()
        notifications.start()
        system.wait_ready("notifications")


def send(system: System, seed: str, event: dict[str, Any]) -> None:
    """As people would with its new key."""
    body = json.dumps(event).encode()
    ring = Keyring.of(seed, [f"people:{public_of(seed)}"])
    headers = {"vinculo-signature": ring.sign(b"people.person_registered", body)}
    connection = pika.BlockingConnection(pika.URLParameters(system.env["AMQP_URI"]))
    properties = pika.BasicProperties(content_type="application/json", headers=headers, delivery_mode=2)
    connection.channel().basic_publish("", QUEUE, body, properties)
    connection.close()


def test_a_poison_message_is_found_understood_mended_requeued_and_seen_done(
    system: System, ana: Client, operator: Operator, registered: dict[str, Any], new_seed: str
) -> None:
    company = ana.get("/v1/company")["id"]
    send(system, new_seed, {**registered, "company": company})
    # something is wrong: the help says where to begin, the status what to do next
    program = subprocess.run([ROOT / "vinculo", "--help"], capture_output=True, text=True, check=True)
    assert "vinculo status" in program.stdout
    wait_for(lambda: system.queue_length("dead.notifications") == 1, 20, "given up")
    told = operator.call("status")
    assert told.code == 1
    assert "vinculo parked list --service notifications" in told.out
    # which, and why
    (line,) = operator.says("parked", "list", "--service", "notifications").splitlines()[1:]
    assert "signature_invalid" in line
    (letter,) = re.findall(r"message\|\w+", line)
    shown = operator.says("parked", "show", "--id", letter)
    assert QUEUE in shown
    assert "key is not known" in shown
    assert "VINCULO_PUBLIC_KEYS" in shown
    assert registered["data"]["email"] not in shown, "no personal data unless asked for"
    assert registered["data"]["email"] in operator.says("parked", "show", "--id", letter, "--values")
    # mended: the reader learns the key
    process = system.processes["notifications"]
    process.env[KNOWN_KEYS] += f",people:{public_of(new_seed)}"
    operator.env[KNOWN_KEYS] = process.env[KNOWN_KEYS]
    assert "being replaced" in operator.says("keys", "check")
    process.stop()
    process.start()
    system.wait_ready("notifications")
    # again, and done
    assert operator.says("parked", "requeue", "--id", letter) == f"{letter}\trequeued\n"
    persons = system.mongo("notifications").persons
    wait_for(lambda: persons.find_one({"_id": {"$regex": registered["aggregate"]}}), what="the effect")
    assert operator.says("parked", "list") == "nothing was given up\n"
    assert "notifications parked" not in operator.status()
    audited = [one for one in ana.every("/v1/access-audit") if one["subject"] == letter]
    assert [(one["action"], one["by"]["id"]) for one in audited] == [("parked_requeued", "operator")]
    persons.delete_many({"_id": {"$regex": registered["aggregate"]}})


def test_what_is_dropped_needs_a_reason_which_the_audit_keeps(
    system: System, ana: Client, operator: Operator, registered: dict[str, Any]
) -> None:
    send(system, keys.new_seeds(("people",))["people"], {**registered, "company": ana.get("/v1/company")["id"]})
    wait_for(lambda: system.queue_length("dead.notifications") == 1, 20, "given up")
    letter = operator.says("parked", "list").splitlines()[1].split()[1]
    refused = operator.call("parked", "drop", "--id", letter)
    assert (refused.code, "--reason" in refused.err) == (2, True)
    assert operator.call("parked", "drop", "--id", letter, "--reason", "  ").code == 2
    reason = f"sent twice, see ticket {secrets.token_hex(4)}"
    assert operator.says("parked", "drop", "--id", letter, "--reason", reason) == f"{letter}\tdropped\n"
    (kept,) = [one for one in ana.every("/v1/access-audit") if one["details"].get("reason") == reason]
    assert kept["action"] == "parked_dropped"
    assert kept["details"]["error"] == "signature_invalid"
    assert operator.call("parked", "drop", "--id", letter, "--reason", "again").code == 1


def test_a_service_that_is_down_is_named_with_what_to_do(system: System, operator: Operator) -> None:
    assert operator.status()["scheduling"]["state"] == "ok"
    system.processes["scheduling"].stop()
    try:
        wait_for(lambda: operator.status()["scheduling"]["next"], 20, "the status tells")
        assert operator.status()["people"]["next"] == ""
    finally:
        system.processes["scheduling"].start()
        system.wait_ready("scheduling")


def test_companies_users_keys_and_the_topology_are_listed(system: System, ana: Client, operator: Operator) -> None:
    assert "padaria " in operator.says("company", "list")
    assert "ana@padaria.example " in operator.says("user", "list", "--company", "padaria")
    made = keys_of_others.create(ana, "people.read")
    assert made["id"] in operator.says("api-key", "list", "--company", "padaria")
    assert "as this version declares them" in operator.says("topology", "check")
    assert "queues declared" in operator.says("topology", "apply")
    missing = operator.call("company", "change", "--code", "nobody", "--name", "x")
    assert (missing.code, "vinculo company list" in missing.err) == (1, True)
