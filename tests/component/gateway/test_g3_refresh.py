"""Row G3: a session goes on by refresh tokens; one used again at once repeats its answer, later it ends the session."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.support.builders import users
from tests.support.problems import refused
from tests.support.stack.system import Client, System


@pytest.fixture
def client(system: System, ana: Client) -> Client:
    return users.as_user(system, users.create(ana, "viewer"))


def test_a_lost_answer_is_given_again(system: System, client: Client) -> None:
    """The same next token, and the session goes on."""
    token = client.session["refresh_token"]
    answers = [users.refresh(system, token).json()["refresh_token"] for _ in range(3)]
    assert len(set(answers)) == 1
    following = users.refresh(system, answers[0]).json()["refresh_token"]
    assert users.refresh(system, token).json()["refresh_token"] == answers[0]
    assert users.refresh(system, following).ok


def test_a_forged_token_of_a_session_is_no_repeated_one(system: System, client: Client) -> None:
    head = client.session["refresh_token"].rsplit(".", 1)[0]
    users.refresh(system, client.session["refresh_token"])
    refused(users.refresh(system, f"{head}.{'A' * 43}"), 401, "session_reused")


def test_a_repeated_token_opens_nothing_for_who_lost_the_access(system: System, ana: Client) -> None:
    """Neither signed out, nor deactivated, nor with a new password."""
    ways: tuple[Callable[[Client, str], Any], ...] = (
        lambda client, path: client.delete("/v1/session"),
        lambda client, path: ana.patch(path, {"active": False}),
        lambda client, path: ana.put(f"{path}/password", {"password": "porteira velha do sertao"}),
    )
    for lose in ways:
        user = users.create(ana, "viewer")
        client = users.as_user(system, user)
        token = client.session["refresh_token"]
        assert users.refresh(system, token).ok
        lose(client, f"/v1/users/{user['id']}")
        refused(users.refresh(system, token), 401, "session_ended")


def test_signing_out_ends_the_session(system: System, client: Client) -> None:
    client.delete("/v1/session")
    client.delete("/v1/session")
    refused(users.refresh(system, client.session["refresh_token"]), 401, "session_ended")


def test_signing_out_ends_no_other_session(system: System, ana: Client) -> None:
    user = users.create(ana, "viewer")
    first, second = users.as_user(system, user), users.as_user(system, user)
    first.delete("/v1/session")
    assert users.refresh(system, second.session["refresh_token"]).ok


def test_an_unused_session_ends_by_itself(system: System, client: Client) -> None:
    past = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
    sessions = system.mongo("people")["sessions"]
    found = sessions.update_one({"user_id": client.session["user"]["id"]}, {"$set": {"expires_at": past}})
    assert found.modified_count == 1
    refused(users.refresh(system, client.session["refresh_token"]), 401, "session_ended")


@pytest.mark.parametrize("token", ["x", "vr_x.00000000." + "A" * 43, "vr__installation.00000000." + "A" * 43])
def test_what_is_no_refresh_token_is_refused(system: System, token: str) -> None:
    refused(users.refresh(system, token), 401, "session_ended")


def test_the_refresh_token_is_no_access_token_and_is_kept_as_a_digest(system: System, client: Client) -> None:
    token = client.session["refresh_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    refused(requests.get(f"{system.url}/v1/persons", headers=bearer, timeout=20), 401, "token_invalid")
    following = users.refresh(system, token).json()["refresh_token"]
    for secret in (token.rsplit(".", 1)[1], following.rsplit(".", 1)[1]):
        assert not any(secret in str(document) for document in system.mongo("people")["sessions"].find())
