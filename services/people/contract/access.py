"""Roles, API keys, and the record of administrative acts (row P9)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.chassis.schemas import PAGE_LIMIT, Result, Strict, UTCDateTime, json_object, page_of, text
from services.people.domain.access import OWN, PERMISSIONS, SCOPES

KNOWN_PERMISSIONS = frozenset((*PERMISSIONS, OWN))


def _permissions() -> fields.List[Any]:
    return fields.List(fields.String(), required=True, validate=validate.Length(min=1, max=200))


def _scopes(**options: Any) -> fields.Dict:
    """By kind, the names allowed; a kind that is not there is not narrowed."""
    names = fields.List(fields.String(validate=validate.Length(min=1, max=64)), validate=validate.Length(max=200))
    return fields.Dict(keys=fields.String(validate=validate.OneOf(SCOPES)), values=names, **options)


class PageOf(Strict):
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=PAGE_LIMIT))
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=400))


class DefineRole(Strict):
    name = text(80)
    permissions = _permissions()
    scopes = _scopes(load_default=dict)


class ChangeRole(Strict):
    role_id = fields.String(required=True, validate=validate.Length(max=64))
    name = text(80, required=False)
    permissions = fields.List(fields.String(), validate=validate.Length(min=1, max=200))
    scopes = _scopes()


class DeleteRole(Strict):
    role_id = fields.String(required=True, validate=validate.Length(max=64))


class ListRoles(Strict):
    pass


class Role(Result):
    id = fields.String()
    name = fields.String()
    built_in = fields.Boolean()
    permissions = fields.List(fields.String())
    scopes = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


class Named(Result):
    """`name` is what a person reads."""

    id = fields.String()
    name = fields.String()


class RoleList(Result):
    """The roles that may be given, and what roles are made of."""

    items = fields.List(fields.Nested(Role))
    sections = fields.List(fields.Nested(Named))
    permissions = fields.List(fields.Nested(Named))
    scopes = fields.List(fields.Nested(Named))


class CreateKey(Strict):
    name = text(80)
    permissions = _permissions()
    scopes = _scopes(load_default=dict)
    expires_at = UTCDateTime(required=True)


class RevokeKey(Strict):
    key_id = fields.String(required=True, validate=validate.Length(max=64))


class GetKey(RevokeKey):
    pass


class VerifyKey(Strict):
    key = fields.String(required=True, validate=validate.Length(min=1, max=300))


class Key(Result):
    id = fields.String()
    name = fields.String()
    permissions = fields.List(fields.String())
    scopes = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
    created_by = fields.String()
    created_at = UTCDateTime()
    expires_at = UTCDateTime()
    last_used_at = UTCDateTime(allow_none=True)
    revoked_at = UTCDateTime(allow_none=True)


class NewKey(Key):
    """`key` is shown this once."""

    key = fields.String()


class VerifiedKey(Result):
    id = fields.String()
    name = fields.String()
    company = fields.String()
    permissions = fields.List(fields.String())
    scopes = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


class ListAccessAudit(PageOf):
    """`about`: the id of a user, role, key or company: what they did, and what was done to them."""

    about = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=64))


class AuditActor(Result):
    id = fields.String(allow_none=True)
    name = fields.String(allow_none=True)


class AccessRecord(Result):
    id = fields.String()
    at = UTCDateTime()
    actor = fields.Nested(AuditActor)
    action = fields.String()
    subject = fields.String(metadata={"description": "Id of whom or what it was done to"})
    details = json_object()


KeyPage = page_of(Key, "KeyPage")
AccessAuditPage = page_of(AccessRecord, "AccessAuditPage")
