"""Row P9: a company's name, time zone and settings; the zone reaches the services that reckon in days."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from tests.support.builders import people, users
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

EARLY, LATE = "Pacific/Kiritimati", "Pacific/Pago_Pago"  # 25 hours apart: never the same day


@pytest.fixture(scope="module")
def company(system: System) -> Client:
    """A company of its own, by an operator, with its administrator."""
    code, login = people.unique_word().lower(), users.login()
    system.run("-m", "deploy.operations", "company", "create", "--code", code, "--name", "Ilha", "--time-zone", EARLY)
    system.run(
        "-m", "deploy.operations", "user", "create", "--login", login, "--name", "Iara",
        "--company", code, "--role", "admin",
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
    return str(company.post(f"/v1/persons/{person}/opportunities", {"subject": "Forno"})["contact_date"])


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
    system.run("-m", "deploy.operations", "company", "change", "--code", code, "--time-zone", EARLY)
    services_know(system, company, EARLY)
