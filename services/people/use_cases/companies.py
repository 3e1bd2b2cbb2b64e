"""The company itself, and the record of what was done to its access (row P9)."""

from __future__ import annotations

from typing import Any

from services.chassis.entrypoints import command, query
from services.chassis.sections import ACCESS
from services.people import contract
from services.people.domain import Company
from services.people.store import PeopleSession

Data = dict[str, Any]


@query(takes=contract.GetCompany, gives=contract.Company, needs="people.read", section=ACCESS)
def get_company(session: PeopleSession, data: Data) -> Data:
    return _shown(session.companies.get(session.company))


@command(takes=contract.ChangeCompany, gives=contract.Company, needs="people.administer", section=ACCESS, fresh=True)
def change_company(tx: PeopleSession, data: Data) -> Data:
    """Raises Invalid("time_zone_unknown"), Invalid("setting_unknown") or Invalid("setting_invalid")."""
    company = tx.companies.get(tx.company)
    company.change(**data)
    tx.companies.save(company)
    announce(tx, company)
    tx.audit("company_changed", company.id, **data)
    return _shown(company)


@query(
    takes=contract.ListAccessAudit,
    gives=contract.AccessAuditPage,
    needs="people.administer",
    section=ACCESS,
    fresh=True,
)
def list_access_audit(session: PeopleSession, data: Data) -> Data:
    return session.access.audit.page(**data)


def announce(tx: PeopleSession, company: Company) -> None:
    """Under the company's own id: `tx` works for that company, though its record is the installation's."""
    tx.publish(contract.COMPANY_CHANGED, company.id, company.version, **company.announced())


def _shown(company: Company) -> Data:
    return {**vars(company), "settings": company.all_settings}
