"""Row N9: other systems are told by webhooks, in order, signed, again after they were down; and read the feed from a
cursor, as far as their rights reach."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.builders import csv_import, keys, people, rights, users
from tests.support.fakes.consumer import Consumer
from tests.support.problems import field_refused, refused
from tests.support.stack.in_process import InProcessSystem
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client

PATH = "/v1/webhooks"


@pytest.fixture(scope="module")
def consumer() -> Iterator[Consumer]:
    running = Consumer()
    yield running
    running.close()


@pytest.fixture(autouse=True)
def leave_nothing(ana: Client) -> Iterator[None]:
    yield
    for one in ana.get(PATH, params={"limit": 100})["items"]:
        ana.delete(f"{PATH}/{one['id']}")


def conversation(ana: Client) -> dict[str, Any]:
    """An attendance with three entries."""
    person = ana.register(f"Cliente {people.unique_word()}")
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Caso"})
    for number in range(3):
        ana.post(f"/v1/attendances/{opened['id']}/entries", {"text": f"Segredo {number}"})
    found: dict[str, Any] = opened
    return found


def test_events_come_signed_in_order_and_without_texts(ana: Client, consumer: Consumer) -> None:
    made = ana.post(PATH, {"url": consumer.url, "types": ["attendance.attendance_opened", "attendance.entry_recorded"]})
    opened = conversation(ana)
    wait_for(lambda: len(consumer.about(opened["id"])) == 4, 40, "four events")
    came = consumer.about(opened["id"])
    assert [one["type"] for one in came] == ["attendance.attendance_opened", *3 * ["attendance.entry_recorded"]]
    assert [one["sequence"] for one in came] == sorted(one["sequence"] for one in came)
    assert len({one["id"] for one in came}) == 4
    taken = [one for one in consumer.taken if one.event["aggregate_id"] == opened["id"]]
    assert all(one.signed_with(made["secret"]) for one in taken)
    assert not any(one.signed_with("outra") or b"Segredo" in one.body for one in taken)
    shown = ana.get(f"{PATH}/{made['id']}")
    assert "secret" not in shown
    assert (shown["failures"], shown["log"][-1]["answered"]) == (0, 204)


def test_a_consumer_that_was_down_gets_everything_in_order_once_it_is_back(
    system: InProcessSystem, ana: Client, consumer: Consumer
) -> None:
    consumer.status, consumer.headers = 503, {"Retry-After": "7"}
    made = ana.post(PATH, {"url": consumer.url, "types": ["attendance.entry_recorded"]})
    opened = conversation(ana)
    wait_for(lambda: ana.get(f"{PATH}/{made['id']}")["failures"] >= 1, 40, "a failure")
    shown = ana.get(f"{PATH}/{made['id']}")
    assert (shown["last_error"], shown["state"], bool(shown["failing_since"])) == ("HTTP 503", "active", True)
    row = system.mongo("notifications")["webhooks"].find_one({"_id": made["id"]})
    assert row["next_at"] - row["log"][-1]["at"] >= dt.timedelta(seconds=7)
    consumer.status, consumer.headers = 204, {}
    ana.patch(f"{PATH}/{made['id']}", {"state": "active"})
    wait_for(lambda: len(consumer.about(opened["id"])) == 3, 40, "all three")
    assert [one["sequence"] for one in consumer.about(opened["id"])] == [2, 3, 4]


def test_after_three_days_of_failures_it_is_paused_and_goes_on_where_it_stopped(
    system: InProcessSystem, ana: Client, consumer: Consumer
) -> None:
    consumer.status = 500
    made = ana.post(PATH, {"url": consumer.url, "types": ["attendance.entry_recorded"]})
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=3, minutes=1)
    row = {"_id": made["id"]}
    system.mongo("notifications")["webhooks"].update_one(row, {"$set": {"failing_since": long_ago, "failures": 30}})
    opened = conversation(ana)
    wait_for(lambda: ana.get(f"{PATH}/{made['id']}")["state"] == "paused", 40, "paused")
    assert ana.get(f"{PATH}/{made['id']}")["pause_reason"] == "failures"
    about_nobody = [one for one in ana.get("/v1/deliveries")["items"] if one["person_id"] is None]
    (notice,) = (one for one in about_nobody if one["subject"] == "Webhook pausado: 127.0.0.1")
    assert notice["recipient"] == "ana@padaria.example"
    again = {"since": long_ago.isoformat()}
    refused(ana.request("POST", f"{PATH}/{made['id']}/redeliver", json=again), 409, "webhook_paused")
    consumer.status = 204
    ana.patch(f"{PATH}/{made['id']}", {"state": "active"})
    wait_for(lambda: len(consumer.about(opened["id"])) == 3, 40, "all three")
    first = [one["id"] for one in consumer.about(opened["id"])]
    ana.post(f"{PATH}/{made['id']}/redeliver", again)
    wait_for(lambda: len(consumer.about(opened["id"])) == 6, 40, "all three again")
    assert [one["id"] for one in consumer.about(opened["id"])[3:]] == first


def test_persons_of_an_import_their_consents_and_their_merge_are_told(ana: Client, consumer: Consumer) -> None:
    types = ["people.person_registered", "people.consent_changed", "people.person_merged"]
    ana.post(PATH, {"url": consumer.url, "types": types})
    names = [f"Importada {people.unique_word()}" for _ in range(2)]
    csv_import.run(ana, csv_import.upload(ana, "nome\n" + "\n".join(names))["id"])
    one, two = (ana.get("/v1/persons", params={"q": name})["items"][0]["id"] for name in names)
    wait_for(lambda: consumer.about(one) and consumer.about(two), 40, "both persons")
    told = consumer.about(two)[0]
    assert (told["type"], told["aggregate_id"], told["sequence"]) == ("people.person_registered", two, 1)
    consent = {"purpose": "marketing", "channel": "email", "given": True}
    ana.post(f"/v1/persons/{two}/consents", {**consent, "source": "formulário"})
    wait_for(lambda: len(consumer.about(two)) == 2, 40, "the decision")
    assert consumer.about(two)[1]["data"] == {"person_id": two, **consent}
    rights.merge(ana, one, two)
    wait_for(lambda: len(consumer.about(two)) == 3, 40, "the merge")
    assert consumer.about(two)[2]["data"] == {"person_id": two, "survivor_id": one}


def test_a_redirect_is_a_failure_and_leads_nowhere(ana: Client, consumer: Consumer) -> None:
    other = Consumer()
    consumer.status, consumer.headers = 307, {"Location": other.url}
    try:
        made = ana.post(PATH, {"url": consumer.url, "types": ["attendance.entry_recorded"]})
        conversation(ana)
        wait_for(lambda: ana.get(f"{PATH}/{made['id']}")["last_error"] == "HTTP 307", 40, "a failure")
        assert other.taken == []
    finally:
        consumer.status, consumer.headers = 204, {}
        other.close()


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("https://10.0.0.1/x", "host_private"),
        ("https://169.254.169.254/latest", "host_private"),
        ("https://[::ffff:10.0.0.1]/x", "host_private"),
        ("https://nao-existe.invalid/x", "host_unknown"),
        ("http://8.8.8.8/x", "https_required"),
    ],
)
def test_no_webhook_reaches_an_inner_host_or_goes_in_clear(ana: Client, url: str, error: str) -> None:
    made = ana.post(PATH, {"url": url, "types": ["attendance.entry_recorded"]})
    conversation(ana)
    wait_for(lambda: ana.get(f"{PATH}/{made['id']}")["last_error"] == error, 40, error)


def test_the_feed_is_read_from_a_cursor_and_again(ana: Client, consumer: Consumer) -> None:
    ana.post(PATH, {"url": consumer.url, "types": ["people.person_registered"]})
    since = dt.datetime.now(dt.UTC).isoformat()
    opened = conversation(ana)
    asked = {"from": since, "types": ["attendance.entry_recorded"], "person_id": opened["person_id"], "limit": 2}

    def read(start: str | None = None) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor = start
        while True:
            page = ana.get("/v1/events", params={**asked, **({"cursor": cursor} if cursor else {})})
            found, cursor = [*found, *page["items"]], page["next_cursor"]
            if not page["more"]:
                return found

    wait_for(lambda: len(read()) == 3, 40, "three events")
    assert read() == read()
    assert [one["sequence"] for one in read()] == [2, 3, 4]
    assert {one["data"]["attendance_id"] for one in read()} == {opened["id"]}


def test_the_feed_obeys_its_readers_rights(
    system: InProcessSystem, ana: Client, bruno: Client, consumer: Consumer
) -> None:
    ana.post(PATH, {"url": consumer.url})
    opened = conversation(ana)
    wait_for(lambda: consumer.about(opened["id"]), 40, "an event")
    attendant = users.as_user(system, users.create(ana, "attendant"))
    asked = {"person_id": opened["person_id"]}
    types = {one["type"].partition(".")[0] for one in attendant.get("/v1/events", params=asked)["items"]}
    assert types == {"people", "attendance"}
    problem = attendant.request("GET", "/v1/events", params={"types": ["sales.order_placed"]})
    refused(problem, 422, "event_type_hidden")
    refused(bruno.request("GET", "/v1/events", params=asked), 404, "person_not_found")
    theirs = bruno.get("/v1/events", params={"limit": 200})["items"]
    assert opened["id"] not in {one["aggregate_id"] for one in theirs}
    refused(attendant.request("GET", PATH), 403, "permission_missing")


def test_wrong_webhooks_are_refused(ana: Client, bruno: Client, consumer: Consumer) -> None:
    for wrong in ("ftp://x.example", "https://", "https://a:b@x.example", "x.example", "https://x.example/#a"):
        field_refused(ana.request("POST", PATH, json={"url": wrong}), "url")
    field_refused(ana.request("POST", PATH, json={"url": consumer.url, "types": ["sales.nothing"]}), "types")
    made = ana.post(PATH, {"url": consumer.url})
    for method, path, body in (
        ("GET", "", None), ("PATCH", "", {"state": "paused"}), ("DELETE", "", None), ("POST", "/secret", None),
        ("POST", "/redeliver", {"since": "2026-01-01T00:00:00Z"}),
    ):  # fmt: skip
        refused(bruno.request(method, f"{PATH}/{made['id']}{path}", json=body), 404, "webhook_not_found")


def test_a_new_secret_signs_from_then_on(ana: Client, consumer: Consumer) -> None:
    made = ana.post(PATH, {"url": consumer.url, "types": ["people.person_registered"]})
    fresh = ana.post(f"{PATH}/{made['id']}/secret", {})
    assert fresh["secret"] != made["secret"]
    person = ana.register(f"Cliente {people.unique_word()}")
    wait_for(lambda: consumer.about(person["id"]), 40, "the event")
    (taken,) = [one for one in consumer.taken if one.event["aggregate_id"] == person["id"]]
    assert taken.signed_with(fresh["secret"])
    assert not taken.signed_with(made["secret"])


def test_a_webhook_of_a_revoked_key_is_paused_and_tells_nothing(
    system: InProcessSystem, ana: Client, consumer: Consumer
) -> None:
    key = keys.create(ana, "notifications.configure", "people.read")
    hook = {"url": consumer.url, "types": ["people.person_registered"]}
    made = keys.ask(system, key["key"], "POST", PATH, json=hook).json()
    before = ana.register(f"Cliente {people.unique_word()}")["id"]
    wait_for(lambda: consumer.about(before), 40, "the event")
    ana.delete(f"/v1/keys/{key['id']}")
    after = ana.register(f"Cliente {people.unique_word()}")["id"]
    wait_for(lambda: ana.get(f"{PATH}/{made['id']}")["state"] == "paused", 40, "the pause")
    assert ana.get(f"{PATH}/{made['id']}")["pause_reason"] == "rights"
    assert consumer.about(after) == []
