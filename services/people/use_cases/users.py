"""Signing in (rows P9, G3)."""

from __future__ import annotations

from typing import Any

import eventlet.tpool

from services.chassis.entrypoints import query
from services.chassis.errors import Unauthenticated
from services.people import contract, passwords
from services.people.domain.access import OWN, access_of, built_in_roles
from services.people.store import PeopleSession

Data = dict[str, Any]


@query(takes=contract.SignIn, gives=contract.SignedIn, needs="installation.sign_in")
def sign_in(session: PeopleSession, data: Data) -> Data:
    """Row G3. The password is checked whether the login exists or not, so that time tells nothing."""
    user = session.users.by_login(data["login"].lower())
    right = eventlet.tpool.execute(passwords.matches, user.password_hash if user else None, data["password"])
    if user is None or not right:
        raise Unauthenticated("credentials_invalid", "Usuário ou senha inválidos.")
    chosen = session.companies.by_code(data["company"]) if data["company"] else None
    company_id, roles = user.membership(chosen.id if chosen else None, asked=data["company"] is not None)
    access = access_of(role for role in built_in_roles() if role.id in roles)
    company = chosen or session.companies.get(company_id)
    return {
        "user_id": user.id,
        "user_name": user.name,
        "login": user.login,
        "company": company.id,
        "company_name": company.name,
        "roles": roles,
        "permissions": sorted({*access.permissions, OWN}),
        "scopes": access.scopes,
    }
