"""Row S4: actions say what to do next and when; they are recorded in the conversation, and plan the next contact."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders.closing import lose
from tests.support.builders.opportunities import act, contact_date
from tests.support.builders.sales import colleague, conversation, ids, newcomer, opportunity, patch, put, today
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System


@pytest.fixture
def made(ana: Client) -> dict[str, Any]:
    return opportunity(ana, contact_date=today(30))


def test_the_next_contact_is_what_is_due_first(ana: Client, made: dict[str, Any]) -> None:
    late, soon = act(ana, made, due_on=today(9)), act(ana, made, due_on=today(3))
    assert contact_date(ana, made) == today(3)
    put(ana, f"/v1/actions/{soon['id']}/state", {"state": "done"})
    assert contact_date(ana, made) == today(9)
    patch(ana, f"/v1/actions/{late['id']}", {"due_on": today(5), "assignee_id": colleague(ana)})
    assert contact_date(ana, made) == today(5)
    put(ana, f"/v1/actions/{late['id']}/state", {"state": "cancelled"})
    assert contact_date(ana, made) == today(5)


@pytest.mark.parametrize("kind", ["task", "email", "whatsapp", "note"])
def test_it_is_recorded_in_the_conversation_under_its_kind(ana: Client, made: dict[str, Any], kind: str) -> None:
    action = act(ana, made, kind=kind, text=f"Texto de {kind}", state="done")
    entries = f"/v1/attendances/{conversation(ana, made)['id']}/entries"
    assert action["id"] in ids(ana.get(entries))
    entry = ana.get(entries)["items"][0]
    assert (entry["kind"], entry["text"]) == (kind, f"Texto de {kind}")
    assert (entry["recorded_at"], entry["recorded_by"]["name"]) == (action["recorded_at"], "Ana")
    shown = ana.get(f"/v1/opportunities/{made['id']}")
    assert shown["last_interaction_at"] == action["recorded_at"]


def test_what_is_settled_stays_settled(ana: Client, made: dict[str, Any]) -> None:
    action = act(ana, made)
    path = f"/v1/actions/{action['id']}"
    settled = put(ana, f"{path}/state", {"state": "done"})
    assert settled["settled_by"]["id"] == ana.session["user"]["id"]
    assert settled["settled_at"] is not None
    again = {"state": "cancelled"}
    refused(ana.request("PUT", f"{path}/state", json=again), 409, "action_settled")
    refused(ana.request("PATCH", path, json={"due_on": None}), 409, "action_settled")


def test_who_is_to_do_it_is_a_user_of_the_company(ana: Client, made: dict[str, Any]) -> None:
    path = f"/v1/opportunities/{made['id']}/actions"
    refused(ana.request("POST", path, json={"text": "Ligar", "assignee_id": "outra"}), 404, "user_not_found")
    action = act(ana, made)
    refused(ana.request("PATCH", f"/v1/actions/{action['id']}", json={"assignee_id": "outra"}), 404, "user_not_found")


def test_what_is_to_do_by_day_and_by_user(system: System) -> None:
    maria = newcomer(system)
    one = opportunity(maria)
    mine = act(maria, one, due_on=today(1), assignee_id="me")
    others = act(maria, one, due_on=today(0), assignee_id=colleague(maria))
    free = act(maria, one, due_on=today(5))
    undated = act(maria, one, assignee_id="me")
    assert ids(maria.get("/v1/actions")) == [others["id"], mine["id"], free["id"]]
    assert ids(maria.get("/v1/actions", params={"user_id": "me"})) == [mine["id"]]
    assert ids(maria.get("/v1/actions", params={"user_id": "nobody"})) == [free["id"]]
    assert ids(maria.get("/v1/actions", params={"to": today(1)})) == [others["id"], mine["id"]]
    assert ids(maria.get("/v1/actions", params={"undated": "true", "user_id": "me"})) == [undated["id"]]
    first = maria.get("/v1/actions", params={"limit": 2})
    rest = maria.get("/v1/actions", params={"limit": 2, "cursor": first["next_cursor"]})
    assert ids(first) + ids(rest) == [others["id"], mine["id"], free["id"]]
    put(maria, f"/v1/actions/{others['id']}/state", {"state": "done"})
    assert others["id"] not in ids(maria.get("/v1/actions"))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "x", "kind": "telegram"}, "kind"),
        ({"text": "x", "due_on": "amanhã"}, "due_on"),
        ({"text": "x", "state": "cancelled"}, "state"),
    ],
)
def test_a_wrong_field_is_refused(ana: Client, made: dict[str, Any], body: dict[str, Any], field: str) -> None:
    field_refused(ana.request("POST", f"/v1/opportunities/{made['id']}/actions", json=body), field)


def test_closed_archived_and_unknown_ones_take_no_action(ana: Client, made: dict[str, Any]) -> None:
    other = opportunity(ana)
    ana.post(f"/v1/opportunities/{other['id']}/archive", None)
    lose(ana, made)
    expected = {made["id"]: (409, "opportunity_closed"), other["id"]: (409, "opportunity_archived"),
                "nothing": (404, "opportunity_not_found")}  # fmt: skip
    for opportunity_id, (status, code) in expected.items():
        answer = ana.request("POST", f"/v1/opportunities/{opportunity_id}/actions", json={"text": "x"})
        refused(answer, status, code)
    refused(ana.request("PATCH", "/v1/actions/nothing", json={}), 404, "action_not_found")
