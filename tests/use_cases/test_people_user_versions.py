"""Row P9: the version of a user that a company's administrators compare, and what it says of the last change."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.chassis.access.context import INSTALLATION
from services.chassis.errors import Conflict
from services.chassis.storage.expected_version import ExpectedVersion
from services.people.session import INDEXES, PeopleSession
from services.people.users.model import Membership, User
from services.people.users.repository import Users
from tests.support.fakes.memory import Memory

BIA = {"by": {"id": "u9", "name": "Bia"}, "at": dt.datetime(2026, 11, 24, tzinfo=dt.UTC)}


@pytest.fixture
def rows() -> Any:
    return Memory(PeopleSession, INDEXES).of(INSTALLATION).collection("users")


def added(rows: Any, **memberships: Membership) -> None:
    Users(rows).add(User("u1", "rui@padaria.example", "Rui", "hash", memberships))


def signed(rows: Any) -> tuple[Users, User]:
    """The repository of a request of Bia, and the user as it reads them."""
    users = Users(rows, signature=BIA)
    return users, users.get("u1")


def seen(rows: Any, version: int, company: str = "c1") -> User:
    return Users(rows, ExpectedVersion("u1", version)).member("u1", company)


def refusal(rows: Any, version: int, company: str = "c1") -> dict[str, Any]:
    with pytest.raises(Conflict) as refused:
        seen(rows, version, company)
    return refused.value.params


def test_a_change_is_told_by_who_made_it_and_by_its_fields(rows: Any) -> None:
    added(rows, c1=Membership(["viewer"]))
    users, user = signed(rows)
    user.rename("Rui Lima")
    user.memberships["c1"].roles = ["seller"]
    users.save(user)
    assert seen(rows, 2).memberships["c1"].version == 2
    told = refusal(rows, 1)
    assert (told["version"], told["seen"], told["changed_by"]) == (2, 1, BIA["by"])
    assert told["changed_fields"] == ["name", "roles"]


def test_what_the_company_does_not_set_makes_no_version(rows: Any) -> None:
    added(rows, c1=Membership(["viewer"]))
    for change in (lambda user: user.set_password("new"), lambda user: user.renew_hash("newer"), lambda user: None):
        users, user = signed(rows)
        change(user)
        users.save(user)
    assert (seen(rows, 1).version, seen(rows, 1).memberships["c1"].version) == (4, 1)


def test_what_another_company_changes_is_neither_compared_nor_told(rows: Any) -> None:
    added(rows, c1=Membership(["viewer"]), c2=Membership(["viewer"]))
    users, user = signed(rows)
    user.memberships["c2"].active = False
    users.save(user)
    assert seen(rows, 1)
    assert refusal(rows, 1, "c2")["changed_fields"] == ["active"]
    assert refusal(rows, 7).keys() == {"version", "seen"}


@pytest.mark.parametrize("held", [["viewer"], {"roles": ["viewer"], "person_id": None, "active": True}])
def test_a_user_stored_before_is_in_version_1_and_stays_editable(rows: Any, held: Any) -> None:
    added(rows, c1=Membership(["viewer"]))
    rows.put({**rows.find_one({"_id": "u1"}), "memberships": {"c1": held}})
    users, user = signed(rows)
    assert seen(rows, 1).memberships["c1"] == Membership(["viewer"])
    user.memberships["c1"].active = False
    users.save(user)
    assert refusal(rows, 1)["changed_fields"] == ["active"]
    assert seen(rows, 2)
