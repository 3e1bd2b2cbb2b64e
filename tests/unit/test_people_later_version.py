"""What a later version keeps of users and companies, which runs beside this one during an upgrade, is left out."""

from __future__ import annotations

from services.people.companies.model import Company
from services.people.users import repository
from services.people.users.model import Membership


def test_a_user_and_a_company_are_read_without_what_only_a_later_version_knows() -> None:
    company = repository._company({"_id": "c1", "code": "padaria", "name": "Padaria", "later": 1})
    assert company == Company(id="c1", code="padaria", name="Padaria")
    membership = repository._membership({"roles": ["viewer"], "later": 1})
    assert membership == Membership(["viewer"])
