"""Row P9: hundreds of guesses at one login or from one address, on the real database, with the test's own clock."""

from __future__ import annotations

import datetime as dt
import logging
import secrets
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from argon2 import PasswordHasher

from deploy.local.database import Database as Engine
from services.chassis.access.context import INSTALLATION, Context
from services.chassis.errors import Failure
from services.chassis.handling.session import actor_of
from services.chassis.handling.unit_of_work import Options, run_command
from services.chassis.storage.database import Database
from services.people import session as people_session
from services.people.companies.model import Company
from services.people.sessions import contract, passwords
from services.people.sessions.commands import sign_in
from services.people.sessions.proving import check, prove
from services.people.sessions.repository import Origin
from services.people.users.model import Membership, User

GUESSES = 300
LOGIN, PASSWORD = "ana@padaria.example", "janela azul sobre o trapiche"
NOW = dt.datetime(2031, 3, 5, 12, tzinfo=dt.UTC)


class Door:
    """Signs in as the gateway would, without broker and gateway; `now` is moved by the test."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        self.told: Counter[str] = Counter()

    def session(self, context: Context, client_session: Any) -> people_session.PeopleSession:
        tenant = self.database.tenant(context.company, client_session)
        return people_session.PeopleSession(tenant, actor_of(context), self.now, "test", 10)

    def hand_over(self, session: people_session.PeopleSession) -> None:
        """Signing in announces nothing."""

    def as_people(self) -> people_session.PeopleSession:
        """Outside a transaction, to before_transaction and to look."""
        return self.session(Context(INSTALLATION, "test", "test", (), "r", time.time() + 30), None)

    def guess(self, login: str, password: str, address: str) -> str:
        """The refusal's code, or "signed_in"."""
        permissions = ("installation.sign_in",)
        context = Context(INSTALLATION, "anonymous", "anonymous", permissions, "r", time.time() + 30)
        data = {"login": login, "password": password, "company": None, "address": address}
        service, method = SimpleNamespace(runtime=self), sign_in.__wrapped__  # type: ignore[attr-defined]
        try:
            run_command(
                service, context, method, data, contract.SignedIn, Options(secret=True, before_transaction=prove)
            )
        except Failure as failure:
            self.told[failure.code] += 1
            return failure.code
        self.told["signed_in"] += 1
        return "signed_in"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> PasswordHasher:
    """Hundreds of guesses are counted here; what a hash costs is tested elsewhere. Without eventlet's threads."""
    hasher = PasswordHasher(time_cost=1, memory_cost=64)
    monkeypatch.setattr(passwords, "_hasher", hasher)
    monkeypatch.setattr(passwords, "_NOBODY", hasher.hash("nobody has this password"))
    monkeypatch.setattr(passwords, "matches_in_thread", passwords.matches)
    monkeypatch.setattr(passwords, "hash_in_thread", passwords.hash_password)
    return hasher


@pytest.fixture
def door(database: Engine) -> Iterator[Door]:
    opened = Database(database.uri, f"t{secrets.token_hex(4)}_people")
    opened.ensure_indexes(people_session.INDEXES)
    door = Door(opened)
    session = door.as_people()
    session.companies.put(Company("c1", "padaria", "Padaria"))
    session.users.put(User("u1", LOGIN, "Ana", passwords.hash_password(PASSWORD), {"c1": Membership(["admin"])}))
    yield door
    opened.client.drop_database(opened._database.name)
    opened.close()


def from_the_net(number: int) -> str:
    """An address of another customer each time."""
    return f"2001:db8:{number:x}::1"


def test_hundreds_of_guesses_lock_out_who_guesses_and_are_logged(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    """From any address of one customer; the owner comes in from elsewhere, for the first time."""
    with caplog.at_level(logging.WARNING):
        for number in range(GUESSES):
            door.guess(LOGIN, f"palpite {number}", f"2001:db8::{number:x}")
    assert door.told == {"credentials_invalid": 5, "sign_in_locked": GUESSES - 5}
    locked = [record for record in caplog.records if record.message == "sign-in locked"]
    assert [(vars(record)["by"], vars(record)["failures"]) for record in locked] == [("pair", 5)]
    assert LOGIN not in caplog.text
    assert "palpite" not in caplog.text
    assert door.guess(LOGIN, PASSWORD, "2001:db8::ffff") == "sign_in_locked"
    assert door.guess(LOGIN, PASSWORD, "203.0.113.7") == "signed_in"


def test_of_guesses_at_once_no_more_than_the_free_ones_are_told(door: Door) -> None:
    with ThreadPoolExecutor(6) as threads:
        told = Counter(threads.map(lambda n: door.guess(LOGIN, f"palpite {n}", "203.0.113.7"), range(40)))
    assert told.keys() == {"credentials_invalid", "sign_in_locked"}
    assert told["credentials_invalid"] <= 5


def test_a_right_password_forgets_the_wrong_ones_from_there(door: Door) -> None:
    for _ in range(3):
        assert {door.guess(LOGIN, "errada", "203.0.113.7") for _ in range(4)} == {"credentials_invalid"}
        assert door.guess(LOGIN, PASSWORD, "203.0.113.7") == "signed_in"


def test_a_guess_each_four_seconds_is_looked_at_ever_more_seldom(door: Door) -> None:
    for number in range(GUESSES):
        door.now += dt.timedelta(seconds=4)
        door.guess(LOGIN, f"palpite {number}", "203.0.113.7")
    # locks of 30, 60, 120, 240, 480 seconds
    assert door.told["credentials_invalid"] == 5 + 5
    door.now += dt.timedelta(minutes=15)
    assert door.guess(LOGIN, PASSWORD, "203.0.113.7") == "signed_in"


@pytest.mark.parametrize("login", [LOGIN, "ninguem@padaria.example"])
def test_many_addresses_lock_a_login_known_or_not_but_not_where_it_was_right_before(door: Door, login: str) -> None:
    assert door.guess(LOGIN, PASSWORD, "203.0.113.7") == "signed_in"
    codes = [door.guess(login, "errada", from_the_net(number)) for number in range(55)]
    assert codes == ["credentials_invalid"] * 50 + ["sign_in_locked"] * 5
    assert door.guess(login, PASSWORD, from_the_net(99)) == "sign_in_locked"
    assert door.guess(LOGIN, PASSWORD, "203.0.113.7") == "signed_in"
    # the owner's coming frees nobody else
    assert door.guess(login, "errada", from_the_net(98)) == "sign_in_locked"


def test_where_the_login_was_right_its_own_wrong_ones_from_there_lock_all_the_same(door: Door) -> None:
    assert door.guess(LOGIN, PASSWORD, "203.0.113.7") == "signed_in"
    codes = [door.guess(LOGIN, "errada", "203.0.113.7") for _ in range(6)]
    assert codes == ["credentials_invalid"] * 5 + ["sign_in_locked"]
    assert door.guess(LOGIN, PASSWORD, "203.0.113.7") == "sign_in_locked"


def test_an_address_is_known_for_a_time_and_by_a_digest(door: Door) -> None:
    assert door.guess(LOGIN, PASSWORD, "203.0.113.7") == "signed_in"
    kept = [*door.database._database["known_addresses"].find()]
    assert [document["at"] for document in kept] == [NOW]
    assert not any(word in str(kept) for word in (LOGIN, "203.0.113"))
    door.now += dt.timedelta(days=90)
    for number in range(50):
        door.guess(LOGIN, "errada", from_the_net(number))
    assert door.guess(LOGIN, PASSWORD, "203.0.113.7") == "sign_in_locked"
    door.as_people().tries.forget_login(LOGIN)
    assert door.guess(LOGIN, PASSWORD, "203.0.113.7") == "signed_in"
    assert [document["at"] for document in door.database._database["known_addresses"].find()] == [door.now]


def test_a_sign_in_renews_a_hash_by_older_parameters_and_ends_nothing(door: Door, cheap: PasswordHasher) -> None:
    users = door.as_people().users
    user = users.get("u1")
    user.password_hash = PasswordHasher(time_cost=1, memory_cost=32).hash(PASSWORD)
    users.save(user)
    # of two at once the second has proven the hash that the first one renews
    late = prove(door.as_people(), {"login": LOGIN, "password": PASSWORD, "address": "203.0.113.7"})
    assert door.guess(LOGIN, "errada", "203.0.113.7") == "credentials_invalid"
    assert users.get("u1").password_hash == user.password_hash
    assert door.guess(LOGIN, PASSWORD, "203.0.113.7") == "signed_in"
    renewed = users.get("u1")
    assert not cheap.check_needs_rehash(renewed.password_hash)
    assert renewed.epoch == user.epoch
    assert check(door.as_people(), late["proof"]).password_hash == renewed.password_hash
    assert door.guess(LOGIN, PASSWORD, "203.0.113.7") == "signed_in"


def test_one_address_cannot_try_many_logins(door: Door) -> None:
    """After 47 wrong passwords from there, three more are free; a colleague who was right there before goes on."""
    assert door.guess(LOGIN, PASSWORD, "203.0.113.7") == "signed_in"
    tries = door.as_people().tries
    for number in range(47):
        assert not any(locked for _, locked in tries.fail(Origin(f"x{number}", "203.0.113.7"), door.now))
    codes = [door.guess(f"u{number}@padaria.example", "errada", "203.0.113.7") for number in range(6)]
    assert codes == ["credentials_invalid"] * 3 + ["sign_in_locked"] * 3
    assert door.guess("bia@padaria.example", PASSWORD, "203.0.113.7") == "sign_in_locked"
    assert door.guess(LOGIN, PASSWORD, "203.0.113.7") == "signed_in"
    assert door.guess(LOGIN, PASSWORD, "203.0.113.8") == "signed_in"
