"""Row G3: a session goes on by refresh tokens, each good once; using one twice ends it, signing out ends it."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.support import users
from tests.support.problems import refused
from tests.support.system import Client, System


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


def test_a_token_used_twice_ends_the_whole_session(system: System, ana: Client, client: Client) -> None:
    stolen = client.session["refresh_token"]
    current = users.refresh(system, stolen).json()["refresh_token"]
    refused(users.refresh(system, stolen), 401, "session_reused")
    refused(users.refresh(system, current), 401, "session_ended")
    about = {"about": client.session["user"]["id"]}
    assert "session_reused" in {record["action"] for record in ana.get("/v1/access-audit", params=about)["items"]}


def test_of_two_refreshes_at_once_at_most_one_goes_on(system: System, client: Client) -> None:
    token = client.session["refresh_token"]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: users.refresh(system, token), range(4)))
    assert sum(answer.ok for answer in answers) <= 1
    assert {answer.json()["code"] for answer in answers if not answer.ok} <= {"session_reused", "session_ended"}


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
    secret = token.rsplit(".", 1)[1]
    assert not any(secret in str(document) for document in system.mongo("people")["sessions"].find())


def test_the_session_says_who_and_what(client: Client) -> None:
    shown = client.get("/v1/session")
    assert shown["user_id"] == client.session["user"]["id"]
    assert shown["company_id"] == client.session["company"]["id"]
    assert shown["permissions"] == client.session["permissions"]
