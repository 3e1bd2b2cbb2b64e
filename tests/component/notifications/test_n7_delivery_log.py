"""Row N7: the log names every delivery and its attempts, and is asked by person, state, channel and period; what failed
is tried again by hand. Here nothing is sent: the outcomes are written in the sender's place."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.support.builders import people
from tests.support.builders.watching import log_of, watched
from tests.support.problems import field_refused, refused
from tests.support.stack.in_process import InProcessSystem
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client


@pytest.fixture
def person(ana: Client) -> dict[str, Any]:
    return watched(ana, people.unique_word())


def told(ana: Client, person: dict[str, Any], count: int = 1) -> list[dict[str, Any]]:
    """So many entries about the person, and the deliveries of their watcher."""
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Muitas", "text": "0"})
    for number in range(1, count):
        ana.post(f"/v1/attendances/{opened['id']}/entries", {"text": str(number)})
    wait_for(lambda: len(log_of(ana, person)) == count, what=f"{count} deliveries")
    return log_of(ana, person)


def write(system: InProcessSystem, delivery: dict[str, Any], pending: bool = False, **fields: Any) -> None:
    changes: dict[str, Any] = {"$set": fields}
    if not pending:
        changes["$unset"] = {"next_at": ""}
    system.mongo("notifications")["deliveries"].update_one({"_id": delivery["id"]}, changes)


def test_pages_are_complete_and_wrong_questions_refused(ana: Client, person: dict[str, Any]) -> None:
    told(ana, person, 4)
    options = {"person_id": person["id"], "limit": 3}
    first = ana.get("/v1/deliveries", params=options)
    rest = ana.get("/v1/deliveries", params={**options, "cursor": first["next_cursor"]})
    assert len({one["id"] for one in first["items"] + rest["items"]}) == 4
    assert {one["person"]["name"] for one in first["items"]} == {person["name"]}
    for name, wrong in (("limit", 0), ("state", "lost"), ("channel", "pombo"), ("from", "ontem")):
        field_refused(ana.request("GET", "/v1/deliveries", params={name: wrong}), name)


def test_the_log_is_asked_by_state_channel_and_period(
    system: InProcessSystem, ana: Client, person: dict[str, Any]
) -> None:
    *waiting, dead = told(ana, person, 3)
    write(system, dead, status="dead", last_error="SMTP 550")

    def ids(**asked: Any) -> list[str]:
        found = ana.get("/v1/deliveries", params={"person_id": person["id"], **asked})["items"]
        return [one["id"] for one in found]

    assert ids(state="dead") == ids(state="dead", channel="email") == [dead["id"]]
    assert ids(state="queued") == [one["id"] for one in waiting]
    assert len(ids(channel="email")) == 3
    middle = waiting[-1]["created_at"]
    assert dead["id"] not in ids(**{"from": middle})
    assert ids(to=middle) == [dead["id"]]
    assert dead["id"] in {one["id"] for one in ana.get("/v1/deliveries", params={"state": "dead"})["items"]}
    later = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).isoformat()
    assert ids(**{"from": later}) == []


def test_what_died_is_tried_again_by_hand_once(system: InProcessSystem, ana: Client, person: dict[str, Any]) -> None:
    (delivery,) = told(ana, person)
    path = f"/v1/deliveries/{delivery['id']}"
    refused(ana.request("POST", f"{path}/retry"), 409, "delivery_in_progress")
    attempt = {
        "at": dt.datetime.now(dt.UTC),
        "outcome": "failed",
        "code": "SMTP 550",
        "reason": "no",
        "account_id": None,
    }
    write(system, delivery, status="dead", refused=True, last_error="SMTP 550", attempts=1, log=[attempt])
    shown = ana.get(path)
    assert (shown["state"], shown["last_error"], shown["log"][0]["code"]) == ("dead", "SMTP 550", "SMTP 550")
    again = ana.post(f"{path}/retry", {})
    assert (again["state"], again["last_error"], again["attempts"]) == ("queued", None, 1)
    row = system.mongo("notifications")["deliveries"].find_one({"_id": delivery["id"]})
    assert row["next_at"] <= dt.datetime.now(dt.UTC)
    refused(ana.request("POST", f"{path}/retry"), 409, "delivery_in_progress")
    write(system, delivery, status="sent")
    refused(ana.request("POST", f"{path}/retry"), 409, "delivery_sent")
    write(system, delivery, status="dead", body="")
    refused(ana.request("POST", f"{path}/retry"), 409, "delivery_text_gone")


def test_nobody_reads_or_retries_another_companys_delivery(ana: Client, bruno: Client, person: dict[str, Any]) -> None:
    (delivery,) = told(ana, person)
    for method, path in (("GET", ""), ("POST", "/retry")):
        refused(bruno.request(method, f"/v1/deliveries/{delivery['id']}{path}"), 404, "delivery_not_found")
