"""Row G3: a supervisor approves one action of another user with their own credentials, once, for a short time."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import people, users
from tests.support.builders.approvals import approve, create
from tests.support.problems import refused
from tests.support.stack.system import Client, System


@pytest.fixture(scope="module")
def seller(system: System, ana: Client) -> Client:
    return users.as_user(system, users.create(ana, "seller"))


@pytest.fixture(scope="module")
def manager(ana: Client) -> dict[str, Any]:
    return users.create(ana, "manager")


@pytest.fixture(scope="module")
def person(ana: Client) -> str:
    return str(ana.register(people.unique_word())["id"])


def test_a_grant_is_good_for_one_command(seller: Client, manager: dict[str, Any], person: str) -> None:
    given = approve(seller, manager["login"], subject=person).json()
    assert (given["supervisor"], given["expires_in"]) == (manager["name"], 300)
    assert create(seller, person, given["grant"]).status_code == 201
    refused(create(seller, person, given["grant"]), 409, "grant_used")


def test_a_repeated_command_with_its_key_is_answered_again(
    seller: Client, manager: dict[str, Any], person: str
) -> None:
    grant = approve(seller, manager["login"], subject=person).json()["grant"]
    key = people.unique_word()
    first, second = (create(seller, person, grant, key) for _ in range(2))
    assert first.json()["id"] == second.json()["id"]
