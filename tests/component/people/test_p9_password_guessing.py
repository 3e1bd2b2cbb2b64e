"""Row P9: guessing passwords locks out, is logged, and tells nothing; the right owner comes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.builders import users
from tests.support.builders.guessing import address, guess, lock
from tests.support.problems import refused
from tests.support.stack.system import Client, System


@pytest.fixture(autouse=True)
def forgotten(system: System) -> Iterator[None]:
    yield
    system.mongo("people")["tries"].delete_many({})


def test_the_right_password_waits_too_and_an_operator_unlocks(system: System, ana: Client) -> None:
    victim, origin = users.create(ana, "viewer")["login"], address()
    lock(system, victim, origin)
    refused(guess(system, victim, users.LONG, origin), 429, "sign_in_locked")
    system.run("-m", "deploy.operations", "user", "unlock", "--login", victim)
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
