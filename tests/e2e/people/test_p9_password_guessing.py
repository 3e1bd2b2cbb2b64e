"""Row P9: guessing passwords locks out, is logged, and tells nothing; the right owner comes back."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

import pytest
import requests

from tests.support.builders import users
from tests.support.builders.guessing import FREE, address, guess, lock
from tests.support.problems import refused
from tests.support.stack.system import Client, System
from tests.support.statistics import same_distribution_p


@pytest.fixture(autouse=True)
def forgotten(system: System) -> Iterator[None]:
    yield
    system.mongo("people")["tries"].delete_many({})


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
