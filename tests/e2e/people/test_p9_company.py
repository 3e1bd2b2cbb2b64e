"""Row P9: a company's name, time zone and settings; the zone reaches the services that reckon in days."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.builders import people, users
from tests.support.problems import field_refused, refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import PASSWORD, Client, System

EARLY, LATE = "Pacific/Kiritimati", "Pacific/Pago_Pago"  # 25 hours apart: never the same day


@pytest.fixture(scope="module")
def company(system: System) -> Client:
    """A company of its own, by an operator, with its administrator."""
    code, login = people.unique_word().lower(), users.login()
    system.run("-m", "deploy.admin", "company-create", "--code", code, "--name", "Ilha", "--time-zone", EARLY)
    system.run(
        "-m", "deploy.admin", "user-create", "--login", login, "--name", "Iara", "--company", code, "--role", "admin",
    )  # fmt: skip
    return Client(system.url, login)


def services_know(system: System, company: Client, zone: str) -> None:
    own = company.session["company"]["id"]

    def known() -> bool:
        found = [system.mongo(service)["companies"].find_one({"_id": own}) for service in ("sales", "attendance")]
        return all(copy and (copy["company"], copy["time_zone"]) == (own, zone) for copy in found)

    wait_for(known, what="sales and attendance know the zone")


def contact_date(company: Client) -> str:
    person = company.register(people.unique_word())["id"]
    return str(company.post(f"/v1/persons/{person}/opportunities", {"description": "Forno"})["contact_date"])


def today(zone: str) -> str:
    return dt.datetime.now(ZoneInfo(zone)).date().isoformat()


def test_a_company_made_by_an_operator_reaches_the_services(system: System, company: Client) -> None:
    services_know(system, company, EARLY)
    assert contact_date(company) == today(EARLY)


def test_a_changed_zone_moves_today(system: System, company: Client) -> None:
    assert company.patch("/v1/company", {"time_zone": LATE})["time_zone"] == LATE
    services_know(system, company, LATE)
    assert contact_date(company) == today(LATE)
    code = company.get("/v1/company")["code"]
    system.run("-m", "deploy.admin", "company-change", "--code", code, "--time-zone", EARLY)
    services_know(system, company, EARLY)


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
    assert f"{code}\t" in system.run("-m", "deploy.admin", "company-list")
    user = users.create(company, "viewer")
    listed = system.run("-m", "deploy.admin", "user-list", "--company", code)
    assert f"{user['login']}\t{user['id']}\tactive\tviewer" in listed
    system.run("-m", "deploy.admin", "user-password", "--login", user["login"])
    users.as_user(system, user, PASSWORD)
    system.run("-m", "deploy.admin", "user-deactivate", "--login", user["login"], "--company", code)
    refused(users.sign_in(system, login=user["login"], password=PASSWORD), 403, "membership_missing")
    kept = system.mongo("attendance")["users"]
    copy = {"_id": {"$regex": user["id"]}}
    wait_for(lambda: kept.find_one({**copy, "active": False}), what="the services are told")
    kept.delete_one(copy)
    system.run("-m", "deploy.admin", "company-announce", "--code", code)
    wait_for(lambda: kept.find_one({**copy, "active": False}), what="the users are told again")
