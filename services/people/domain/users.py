"""The installation's companies and the users who sign in to them.

No framework, store or clock may enter.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from services.chassis.errors import Forbidden, Invalid


@dataclass
class Company:
    """A tenant of the installation."""

    id: str
    code: str
    name: str
    time_zone: str = "America/Sao_Paulo"


@dataclass
class User:
    """Somebody who signs in; `memberships` gives the roles held in each company, by company id."""

    id: str
    login: str
    name: str
    password_hash: str
    memberships: dict[str, list[str]] = field(default_factory=dict)

    def membership(self, company_id: str | None, asked: bool) -> tuple[str, list[str]]:
        """The company and roles to sign in with: the one asked for, or the only one.

        Raises Forbidden("membership_missing") or Invalid("company_required").
        """
        if not asked and len(self.memberships) > 1:
            detail = "Informe a empresa em que deseja entrar."
            raise Invalid("company_required", detail, fields={"company": [detail]})
        chosen = company_id if asked else next(iter(self.memberships), None)
        if chosen is None or chosen not in self.memberships:
            raise Forbidden("membership_missing", "Você não tem acesso a esta empresa.")
        return chosen, list(self.memberships[chosen])
