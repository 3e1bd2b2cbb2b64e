"""Row G3: a session goes on by refresh tokens; one used again at once repeats its answer, later it ends the session."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.support.builders import users
from tests.support.problems import refused
from tests.support.stack.system import Client, System


@pytest.fixture
def client(system: System, ana: Client) -> Client:
    return users.as_user(system, users.create(ana, "viewer"))


def test_a_refresh_gives_the_next_tokens(system: System, client: Client) -> None:
    token = client.session["refresh_token"]
    for _ in range(3):
        renewed = users.refresh(system, token).json()
        assert renewed["refresh_token"] != token
        assert renewed["user"] == client.session["user"]
        bearer = {"Authorization": f"Bearer {renewed['access_token']}"}
        assert requests.get(f"{system.url}/v1/persons", headers=bearer, timeout=20).ok
        token = renewed["refresh_token"]


def used_long_ago(system: System, client: Client) -> None:
    """Moves what this user's session remembers of used tokens into the past."""
    sessions = system.mongo("people")["sessions"]
    session = sessions.find_one({"user_id": client.session["user"]["id"]})
    assert session is not None
    used = [{**each, "used_at": each["used_at"] - dt.timedelta(seconds=31)} for each in session["used"]]
    assert used
    sessions.update_one({"_id": session["_id"]}, {"$set": {"used": used}})


def test_a_token_used_again_later_ends_the_whole_session(system: System, ana: Client, client: Client) -> None:
    stolen = client.session["refresh_token"]
    current = users.refresh(system, stolen).json()["refresh_token"]
    used_long_ago(system, client)
    refused(users.refresh(system, stolen), 401, "session_reused")
    refused(users.refresh(system, current), 401, "session_ended")
    about = {"about": client.session["user"]["id"]}
    assert "session_reused" in {record["action"] for record in ana.get("/v1/access-audit", params=about)["items"]}


def test_windows_that_refresh_at_once_get_the_same_next_token(system: System, client: Client) -> None:
    token = client.session["refresh_token"]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: users.refresh(system, token), range(8)))
    assert {answer.status_code for answer in answers} == {200}
    following = {answer.json()["refresh_token"] for answer in answers}
    assert len(following) == 1
    assert users.refresh(system, following.pop()).ok
