"""The roles that a company defines: their permissions and scopes (row P9)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import ACCESS
from services.chassis.errors import Conflict
from services.chassis.handling.entrypoints import command
from services.people import events
from services.people.access import contract
from services.people.access.administrators import keeping_administrators
from services.people.access.checking import own_access
from services.people.access.model import Role, check_permissions
from services.people.session import PeopleSession

Data = dict[str, Any]


@command(takes=contract.DefineRole, gives=contract.Role, needs="people.administer", section=ACCESS, fresh=True)
def define_role(tx: PeopleSession, data: Data) -> Role:
    """Raises Conflict("role_exists"), Invalid("permission_unknown") or Forbidden("grant_exceeds_own")."""
    role = Role(tx.new_id(), data["name"], check_permissions(data["permissions"]), _tuples(data["scopes"]), version=1)
    own_access(tx).refuse_beyond(role.access)
    tx.one_at_a_time("roles")
    tx.access.roles.add(role)
    tx.publish(events.ROLE_CHANGED, role.id, role.version, **role_event_data(role))
    tx.audit("role_defined", role.id, name=role.name, permissions=list(role.permissions))
    return role


@command(takes=contract.ChangeRole, gives=contract.Role, needs="people.administer", section=ACCESS, fresh=True)
def change_role(tx: PeopleSession, data: Data) -> Role:
    """Users who hold the role get the change when their token is refreshed.

    Raises Conflict: role_built_in, role_exists, administrator_last; and what `define_role` does.
    """
    role = _own_role(tx, data.pop("role_id"))
    own_access(tx).refuse_beyond(role.access)
    role.name = data.get("name") or role.name
    role.permissions = check_permissions(data.get("permissions", role.permissions))
    role.scopes = _tuples(data.get("scopes", role.scopes))
    own_access(tx).refuse_beyond(role.access)
    with keeping_administrators(tx):
        tx.access.roles.save(role)
    tx.forget_name(contract.ROLES, role.id)
    tx.publish(events.ROLE_CHANGED, role.id, role.version, **role_event_data(role))
    tx.audit("role_changed", role.id, name=role.name, permissions=list(role.permissions))
    return role


@command(takes=contract.DeleteRole, gives=contract.Role, needs="people.administer", section=ACCESS, fresh=True)
def delete_role(tx: PeopleSession, data: Data) -> Role:
    """Raises Conflict("role_in_use") or Conflict("role_built_in")."""
    role = _own_role(tx, data["role_id"])
    if tx.users.with_role(tx.company, role.id) is not None:
        raise Conflict("role_in_use", "Este papel está em uso; tire-o dos usuários antes de apagá-lo.")
    tx.access.roles.remove(role.id)
    tx.audit("role_deleted", role.id, name=role.name)
    return role


def role_event_data(role: Role) -> Data:
    """The data of a role in events; other services check with it what a user may see before they notify the user."""
    scopes = {kind: list(names) for kind, names in role.scopes.items()}
    return {"role_id": role.id, "name": role.name, "permissions": list(role.permissions), "scopes": scopes}


def _own_role(tx: PeopleSession, role_id: str) -> Role:
    role = tx.access.roles.get(role_id)
    if role.built_in:
        raise Conflict("role_built_in", "Este papel é do sistema; crie um papel próprio para variar.")
    return role


def _tuples(scopes: Data) -> dict[str, tuple[str, ...]]:
    return {kind: tuple(names) for kind, names in scopes.items()}
