"""Reading the company itself (row P9)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import ACCESS
from services.chassis.handling.entrypoints import query
from services.people.companies import contract
from services.people.companies.presenting import present_company
from services.people.session import PeopleSession

Data = dict[str, Any]


@query(takes=contract.GetCompany, gives=contract.Company, needs="people.read", section=ACCESS)
def get_company(session: PeopleSession, data: Data) -> Data:
    return present_company(session.companies.get(session.company))
