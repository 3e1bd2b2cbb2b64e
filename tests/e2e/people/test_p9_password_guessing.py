"""Row P9: guessing passwords locks out, is logged, and tells nothing; the right owner comes back."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.support.builders import users
from tests.support.problems import refused
from tests.support.stack.system import Client, System
from tests.support.statistics import same_distribution_p

FREE = 5
_addresses = itertools.count(1)


def address() -> str:
    """Of the network for documentation, another customer's each time."""
    number = next(_addresses)
    return f"2001:db8:{number:x}::1"


@pytest.fixture(autouse=True)
def forgotten(system: System) -> Iterator[None]:
    yield
    system.mongo("people")["tries"].delete_many({})


def guess(system: System, login: str, password: str, origin: str, http: Any = requests) -> requests.Response:
    body = {"login": login, "password": password}
    found: requests.Response = http.post(
        f"{system.url}/v1/session", json=body, headers={"X-Forwarded-For": origin}, timeout=60
    )
    return found


def lock(system: System, login: str, origin: str) -> list[requests.Response]:
    """Wrong passwords until they are not looked at: the answers. On a slow machine some may end without one."""
    answers: list[requests.Response] = []
    for _ in range(3 * FREE):
        answers.append(guess(system, login, "palpite errado", origin))
        if answers[-1].status_code == 429:
            return [answer for answer in answers if answer.status_code != 503]
    pytest.fail(f"never locked: {[answer.status_code for answer in answers]}")


def test_who_guesses_is_locked_out_and_logged_and_the_owner_comes_in(system: System, ana: Client) -> None:
    """Hundreds of guesses, at once and one by one: tests/integration."""
    victim = users.create(ana, "viewer")["login"]
    *told, locked = lock(system, victim, address())
    assert {(answer.status_code, answer.json()["code"]) for answer in told} == {(401, "credentials_invalid")}
    assert len(told) <= FREE
    problem = refused(locked, 429, "sign_in_locked")
    assert 0 < int(locked.headers["Retry-After"]) <= 900
    assert problem["params"]["retry_after"] > 0
    assert guess(system, victim, users.LONG, address()).ok
    log = system.processes["people"].log_text()
    assert '"sign-in locked"' in log
    assert victim not in log
    assert "palpite" not in log


def test_the_right_password_waits_too_and_an_operator_unlocks(system: System, ana: Client) -> None:
    victim, origin = users.create(ana, "viewer")["login"], address()
    lock(system, victim, origin)
    refused(guess(system, victim, users.LONG, origin), 429, "sign_in_locked")
    system.run("-m", "deploy.admin", "user-unlock", "--login", victim)
    assert guess(system, victim, users.LONG, origin).ok


def test_a_new_password_by_the_administrator_unlocks(system: System, ana: Client) -> None:
    victim, origin = users.create(ana, "viewer"), address()
    lock(system, victim["login"], origin)
    new = "porteira velha do sertao"
    ana.put(f"/v1/users/{victim['id']}/password", {"password": new})
    assert guess(system, victim["login"], new, origin).ok


def test_an_unknown_login_locks_like_a_known_one(system: System, ana: Client) -> None:
    for login in (users.create(ana, "viewer")["login"], users.login()):
        *told, locked = lock(system, login, address())
        assert {answer.json()["code"] for answer in told} == {"credentials_invalid"}
        refused(locked, 429, "sign_in_locked")


def test_neither_login_nor_address_is_kept_with_the_wrong_passwords(system: System) -> None:
    login, origin = users.login(), address()
    guess(system, login, "errada", origin)
    kept = list(system.mongo("people")["tries"].find())
    assert len(kept) >= 2
    assert not any(login in str(document) or origin in str(document) for document in kept)


def test_time_tells_no_unknown_login_from_a_wrong_password(system: System, ana: Client) -> None:
    """Asked in turns; a real difference (no hash at all for an unknown login) shows in each round."""
    known = users.create(ana, "viewer")["login"]
    http = requests.Session()

    def seconds(login: str) -> float:
        system.mongo("people")["tries"].delete_many({})
        began = time.perf_counter()
        assert guess(system, login, "errada mesmo", address(), http).status_code == 401
        return time.perf_counter() - began

    rounds = []
    for _ in range(3):
        pairs = [(seconds(known), seconds(users.login())) for _ in range(20)]
        wrong, unknown = [list(times) for times in zip(*pairs, strict=True)]
        p = same_distribution_p(wrong, unknown)
        rounds.append((round(p, 4), statistics.median(wrong), statistics.median(unknown)))
        if p > 0.01:
            return
    pytest.fail(f"(p, median of wrong, median of unknown): {rounds}")
