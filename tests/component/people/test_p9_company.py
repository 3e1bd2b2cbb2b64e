"""Row P9: a company's name, time zone and settings; the zone reaches the services that reckon in days."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import users
from tests.support.builders.sales import newcomer
from tests.support.problems import field_refused, refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import PASSWORD, Client, System


@pytest.fixture(scope="module")
def company(system: System) -> Client:
    """A company of its own, with its administrator."""
    return newcomer(system)


def test_name_and_settings_are_changed_and_shown(company: Client) -> None:
    before = company.get("/v1/company")
    assert before["settings"] == {"approval_seconds": 300, "session_hours": 168}
    after = company.patch("/v1/company", {"name": "Ilha Nova", "settings": {"session_hours": 8}})
    assert (after["name"], after["time_zone"]) == ("Ilha Nova", before["time_zone"])
    assert after["settings"] == {"approval_seconds": 300, "session_hours": 8}
    assert company.get("/v1/company") == after


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"time_zone": "America/Nowhere"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"settings": {"colour": 1}}, "settings"),
        ({"settings": {"session_hours": 0}}, "settings"),
        ({"settings": {"session_hours": "x"}}, "settings"),
        ({"code": "x"}, "code"),
    ],
)
def test_what_a_company_may_not_be_is_refused(company: Client, body: dict[str, Any], field: str) -> None:
    field_refused(company.request("PATCH", "/v1/company", json=body), field)


def test_each_sees_the_own_company_only(ana: Client, bruno: Client) -> None:
    assert ana.get("/v1/company")["code"] == "padaria"
    assert bruno.get("/v1/company")["code"] == "oficina"


def test_who_only_reads_changes_no_company(system: System, ana: Client) -> None:
    viewer = users.as_user(system, users.create(ana, "viewer"))
    assert viewer.get("/v1/company")["code"] == "padaria"
    refused(viewer.request("PATCH", "/v1/company", json={"name": "x"}), 403, "permission_missing")


def test_an_operator_lists_changes_and_locks_out(system: System, company: Client) -> None:
    code = company.get("/v1/company")["code"]
    assert f"{code} " in system.run("-m", "deploy.operations", "company", "list")
    user = users.create(company, "viewer")
    listed = system.run("-m", "deploy.operations", "user", "list", "--company", code)
    assert [user["login"], user["id"], "active", "viewer"] in [line.split()[:4] for line in listed.splitlines()]
    system.run("-m", "deploy.operations", "user", "password", "--login", user["login"])
    users.as_user(system, user, PASSWORD)
    system.run("-m", "deploy.operations", "user", "deactivate", "--login", user["login"], "--company", code)
    refused(users.sign_in(system, login=user["login"], password=PASSWORD), 403, "membership_missing")
    kept = system.mongo("attendance")["users"]
    copy = {"_id": {"$regex": user["id"]}}
    wait_for(lambda: kept.find_one({**copy, "active": False}), what="the services are told")
    kept.delete_one(copy)
    system.run("-m", "deploy.operations", "company", "announce", "--code", code)
    wait_for(lambda: kept.find_one({**copy, "active": False}), what="the users are told again")
