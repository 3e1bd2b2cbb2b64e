"""A new opportunity is answered once its conversation is there, and at the latest after a moment (row S1)."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from flask import Flask

from gateway.app import create_app
from gateway.sales import conversations
from services.chassis.access.context import Context
from services.chassis.errors import Forbidden, NotFound, Unavailable
from tests.support.fakes.gateway import CONFIG, bearer

MADE = {"id": "o1", "attendance_id": "a1", "person_id": "p1", "description": "Forno"}


class Bus:
    """Sales makes the opportunity; attendance says what it was told to, then that the conversation is there."""

    pending = connections = 0

    def __init__(self, said: list[Exception]) -> None:
        self.said, self.calls = said, list[tuple[str, str, dict[str, Any]]]()

    def call(self, service: str, method: str, data: dict[str, Any], context: Context, command: bool = False) -> Any:
        self.calls.append((service, method, data))
        if service == "sales":
            return dict(MADE)
        if self.said:
            raise self.said.pop(0)
        return {"id": data["id"]}

    relay = call


@cache
def the_app() -> Flask:
    return create_app(CONFIG)


def created(bus: Bus, path: str, **body: Any) -> Any:
    app = the_app()
    object.__setattr__(app.extensions["vinculo"], "bus", bus)
    return app.test_client().post(path, json={"subject": "Forno", **body}, headers=bearer())


ROUTES = [("/v1/persons/p1/opportunities", {}), ("/v1/opportunities", {"person_id": "p1"})]
ASKED = ("attendance", "get_conversation", {"id": "a1"})


@pytest.mark.parametrize(("path", "body"), ROUTES)
def test_an_opportunity_is_answered_once_its_conversation_is_there(path: str, body: dict[str, Any]) -> None:
    bus = Bus([NotFound("attendance_not_found")] * 3)
    answer = created(bus, path, **body)
    assert (answer.status_code, answer.get_json()["id"]) == (201, "o1")
    assert [call[1] for call in bus.calls] == ["create_opportunity", *["get_conversation"] * 4]
    assert bus.calls[1] == ASKED


@pytest.mark.parametrize("trouble", [Unavailable("attendance_unavailable"), Forbidden("permission_missing")])
def test_what_was_made_is_answered_where_attendance_can_not_be_asked(trouble: Exception) -> None:
    bus = Bus([trouble])
    assert created(bus, ROUTES[0][0]).status_code == 201
    assert len(bus.calls) == 2


def test_it_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversations, "MOST_SECONDS", 0.2)
    bus = Bus([NotFound("attendance_not_found")] * 1000)
    assert created(bus, ROUTES[0][0]).status_code == 201
    assert bus.said
