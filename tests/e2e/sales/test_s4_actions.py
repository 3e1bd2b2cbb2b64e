"""Row S4: actions say what to do next and when; they are recorded in the conversation, and plan the next contact."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders.opportunities import act
from tests.support.builders.people import unique_word
from tests.support.builders.sales import ids, opportunity, today
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


@pytest.fixture
def made(ana: Client) -> dict[str, Any]:
    return opportunity(ana, contact_date=today(30))


def test_an_action_is_dated_or_not_and_somebodys_or_nobodys(ana: Client, made: dict[str, Any]) -> None:
    plain = act(ana, made)
    assert (plain["due_on"], plain["assignee"], plain["state"], plain["kind"]) == (None, None, "pending", "task")
    full = act(ana, made, kind="call", due_on=today(2), assignee_id="me")
    assert (full["due_on"], full["assignee"]["id"]) == (today(2), ana.session["user"]["id"])
    assert ids(ana.get(f"/v1/opportunities/{made['id']}/actions")) == [full["id"], plain["id"]]


def test_an_action_alerts_who_watches_the_person(system: System, ana: Client) -> None:
    word = unique_word()
    made = opportunity(ana, subject=f"Forno {word}")
    ana.put(f"/v1/persons/{made['person']['id']}/watchers/me", {"own_actions": True})
    act(ana, made, kind="note", text="Cliente pediu desconto")
    wait_for(lambda: any(word in mail["subject"] for mail in system.mails()), what="the watcher's e-mail")
