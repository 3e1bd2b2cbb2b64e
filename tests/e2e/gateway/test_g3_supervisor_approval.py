"""Row G3: a supervisor approves one action of another user with their own credentials, once, for a short time."""

from __future__ import annotations

from tests.support.builders import people, users
from tests.support.builders.approvals import approve, create
from tests.support.problems import refused
from tests.support.stack.system import Client, System


def test_a_grant_is_good_for_one_command(system: System, ana: Client) -> None:
    seller, manager = users.as_user(system, users.create(ana, "seller")), users.create(ana, "manager")
    person = str(ana.register(people.unique_word())["id"])
    given = approve(seller, manager["login"], subject=person).json()
    assert (given["supervisor"], given["expires_in"]) == (manager["name"], 300)
    assert create(seller, person, given["grant"]).status_code == 201
    refused(create(seller, person, given["grant"]), 409, "grant_used")
