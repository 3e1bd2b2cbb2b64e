"""Row N9: a consumer that was down, while notifications was replaced, too, gets every event once and in order; the feed
is the same from a cursor again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.support.builders import keys, people
from tests.support.fakes.consumer import Consumer
from tests.support.problems import field_refused, refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

PATH = "/v1/webhooks"
TYPE = "attendance.entry_recorded"


@pytest.fixture
def consumer(ana: Client) -> Iterator[Consumer]:
    running = Consumer()
    yield running
    for one in ana.get(PATH, params={"limit": 100})["items"]:
        ana.delete(f"{PATH}/{one['id']}")
    running.close()


def conversation(ana: Client) -> dict[str, Any]:
    """An attendance with one entry."""
    person = ana.register(f"Cliente {people.unique_word()}")
    opened: dict[str, Any] = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Caso"})
    ana.post(f"/v1/attendances/{opened['id']}/entries", {"text": "Primeiro"})
    return opened


def test_what_happened_while_consumer_and_service_were_down_comes_once_and_in_order(
    system: System, ana: Client, consumer: Consumer
) -> None:
    consumer.status = 503
    since = dt.datetime.now(dt.UTC).isoformat()
    hook = ana.post(PATH, {"url": consumer.url, "types": [TYPE]})
    opened = conversation(ana)
    entries = f"/v1/attendances/{opened['id']}/entries"
    wait_for(lambda: ana.get(f"{PATH}/{hook['id']}")["failures"] >= 1, 40, "a failure")
    process = system.processes["notifications"]
    process.stop()
    for text in ("Segundo", "Terceiro"):
        ana.post(entries, {"text": text})
    process.start()
    system.wait_ready("notifications")
    consumer.status = 204
    ana.patch(f"{PATH}/{hook['id']}", {"state": "active"})
    wait_for(lambda: len(consumer.about(opened["id"])) >= 3, 60, "three events")
    came = consumer.about(opened["id"])
    assert [one["sequence"] for one in came] == [2, 3, 4]
    assert all(one.signed_with(hook["secret"]) and b"Segundo" not in one.body for one in consumer.taken)
    asked = {"from": since, "types": [TYPE], "person_id": opened["person_id"]}
    assert [one["id"] for one in _read(ana, asked)] == [one["id"] for one in came]
    assert _read(ana, asked) == _read(ana, asked)


def test_consumers_that_do_not_answer_delay_no_other(ana: Client, consumer: Consumer) -> None:
    slow, many = Consumer(), 20
    slow.free.clear()
    try:
        for url in (*[slow.url] * many, consumer.url):
            ana.post(PATH, {"url": url, "types": [TYPE]})
        first = conversation(ana)
        wait_for(lambda: slow.asked == many, 40, "the slow ones asked")
        wait_for(lambda: len(consumer.about(first["id"])) == 1, 40, "the other one told")
        second = conversation(ana)
        wait_for(lambda: len(consumer.about(second["id"])) == 1, 40, "the other one told again")
        assert slow.taken == []
    finally:
        slow.close()


def test_wrong_webhooks_and_strangers_are_refused(ana: Client, bruno: Client, consumer: Consumer) -> None:
    field_refused(ana.request("POST", PATH, json={"url": "https://a:b@x.example"}), "url")
    field_refused(ana.request("POST", PATH, json={"url": consumer.url, "types": ["sales.nothing"]}), "types")
    hook = ana.post(PATH, {"url": consumer.url})
    refused(bruno.request("GET", f"{PATH}/{hook['id']}"), 404, "webhook_not_found")


def test_a_keys_webhook_tells_what_the_key_may_read_and_nothing_once_it_is_revoked(
    system: System, ana: Client, consumer: Consumer
) -> None:
    key = keys.create(ana, "notifications.configure", "people.read")

    def asked(method: str, path: str = PATH, **options: Any) -> requests.Response:
        return keys.ask(system, key["key"], method, path, **options)

    refused(asked("POST", json={"url": consumer.url, "types": [TYPE]}), 422, "event_type_hidden")
    hook = asked("POST", json={"url": consumer.url}).json()
    assert {one.partition(".")[0] for one in hook["types"]} == {"people"}
    assert hook["created_by"]["name"] == key["name"]
    opened = conversation(ana)
    after = ana.register(f"Cliente {people.unique_word()}")["id"]
    wait_for(lambda: consumer.about(opened["person_id"]) and consumer.about(after), 40, "both persons")
    assert consumer.about(opened["id"]) == []
    assert all(one.signed_with(hook["secret"]) for one in consumer.taken)
    wider: dict[str, Any] = {"json": {"types": [TYPE]}, "headers": {"If-Match": "*"}}
    refused(asked("PATCH", f"{PATH}/{hook['id']}", **wider), 422, "event_type_hidden")
    ana.delete(f"/v1/keys/{key['id']}")
    unseen = ana.register(f"Cliente {people.unique_word()}")["id"]
    wait_for(lambda: ana.get(f"{PATH}/{hook['id']}")["pause_reason"] == "rights", 40, "the pause")
    assert consumer.about(unseen) == []


def _read(ana: Client, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """All pages of two."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = ana.get("/v1/events", params={**asked, "limit": 2, **cursor})
        found, cursor = [*found, *page["items"]], {"cursor": page["next_cursor"]}
        if not page["more"]:
            return found
