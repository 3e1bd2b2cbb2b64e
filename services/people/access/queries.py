"""Roles, and the record of what was done to the company's access (row P9)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import ACCESS
from services.chassis.handling.entrypoints import query
from services.people.access import contract
from services.people.access.model import PERMISSIONS, SCOPES, SECTIONS
from services.people.session import PeopleSession

Data = dict[str, Any]


@query(takes=contract.ListRoles, gives=contract.RoleList, needs="people.administer", section=ACCESS, fresh=True)
def list_roles(session: PeopleSession, data: Data) -> Data:
    """All roles of the company, and the table that roles are made of."""
    table = {"sections": SECTIONS, "permissions": PERMISSIONS, "scopes": SCOPES}
    named = {kind: [{"id": key, "name": name} for key, name in rows.items()] for kind, rows in table.items()}
    return {"items": session.access.roles.all(), **named}


@query(
    takes=contract.ListAccessAudit,
    gives=contract.AccessAuditPage,
    needs="people.administer",
    section=ACCESS,
    fresh=True,
)
def list_access_audit(session: PeopleSession, data: Data) -> Data:
    return session.access.audit.page(**data)
