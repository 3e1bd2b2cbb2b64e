"""Roles, and the record of administrative acts (row P9)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.chassis.inputs import Choice, Cursor, Id, Line, Whole
from services.chassis.references import USERS, Named, Reference
from services.chassis.schemas import PAGE_LIMIT, Result, Strict, UTCDateTime, json_object, page_of
from services.people.access.model import OWN, PERMISSIONS, SCOPES

# The kind of references (services/chassis/references.py).
ROLES = "roles"
KNOWN_PERMISSIONS = frozenset((*PERMISSIONS, OWN))


def permissions_field() -> fields.List[Any]:
    return fields.List(Id(), required=True, validate=validate.Length(min=1, max=200))


def scopes_field(**options: Any) -> fields.Dict:
    """Scopes: for each kind the allowed names; a kind that is missing is not narrowed."""
    names = fields.List(Id(), validate=validate.Length(max=200))
    return fields.Dict(keys=Choice(SCOPES), values=names, validate=validate.Length(max=len(SCOPES)), **options)


class PageOf(Strict):
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()


class DefineRole(Strict):
    name = Line(80, required=True)
    permissions = permissions_field()
    scopes = scopes_field(load_default=dict)


class ChangeRole(Strict):
    role_id = Id(required=True)
    name = Line(80)
    permissions = fields.List(Id(), validate=validate.Length(min=1, max=200))
    scopes = scopes_field()


class DeleteRole(Strict):
    role_id = Id(required=True)


class ListRoles(Strict):
    pass


class Role(Result):
    id = fields.String()
    name = fields.String()
    built_in = fields.Boolean()
    permissions = fields.List(fields.String())
    scopes = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
    version = fields.Integer()


class RoleList(Result):
    """The company's roles, and the sections, permissions and scopes that a role may have."""

    items = fields.List(fields.Nested(Role))
    sections = fields.List(fields.Nested(Named))
    permissions = fields.List(fields.Nested(Named))
    scopes = fields.List(fields.Nested(Named))


class ListAccessAudit(PageOf):
    """`about`: an id of a user, role, key or company that acted or was acted on."""

    about = Id(minimum=0, load_default=None, allow_none=True)


class AccessRecord(Result):
    id = fields.String()
    at = UTCDateTime()
    by = Reference(USERS, "actor")
    action = fields.String()
    subject = fields.String(metadata={"description": "Id de quem ou do que sofreu o ato"})
    details = json_object()


AccessAuditPage = page_of(AccessRecord, "AccessAuditPage")
