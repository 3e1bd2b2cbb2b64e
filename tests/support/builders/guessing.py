"""Who guesses passwords, from an address of their own each time."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import requests

from tests.support.stack.system import System

FREE = 5
_addresses = itertools.count(1)


def address() -> str:
    """Of the network for documentation, another customer's each time."""
    number = next(_addresses)
    return f"2001:db8:{number:x}::1"


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
