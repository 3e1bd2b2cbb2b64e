"""Changing the company itself (row P9)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import ACCESS
from services.chassis.handling.entrypoints import command
from services.people import events
from services.people.companies import contract
from services.people.companies.model import Company
from services.people.companies.presenting import present_company
from services.people.session import PeopleSession

Data = dict[str, Any]


@command(takes=contract.ChangeCompany, gives=contract.Company, needs="people.administer", section=ACCESS, fresh=True)
def change_company(tx: PeopleSession, data: Data) -> Data:
    """Raises Invalid("time_zone_unknown"), Invalid("setting_unknown") or Invalid("setting_invalid")."""
    company = tx.companies.get(tx.company)
    company.change(**data)
    tx.companies.save(company)
    announce(tx, company)
    tx.audit("company_changed", company.id, **data)
    return present_company(company)


def announce(tx: PeopleSession, company: Company) -> None:
    """Publishes company_changed for the company that `tx` works for; its record belongs to the installation."""
    tx.publish(events.COMPANY_CHANGED, company.id, company.version, **company.event_data())
