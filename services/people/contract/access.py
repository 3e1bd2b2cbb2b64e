"""Roles, API keys, and the record of administrative acts (row P9)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.chassis.inputs import Choice, Cursor, Id, Line, Moment, Verbatim, Whole
from services.chassis.schemas import PAGE_LIMIT, Result, Strict, UTCDateTime, json_object, page_of
from services.people.domain.access import OWN, PERMISSIONS, SCOPES
from services.people.domain.credentials import KEY_ACTOR as KEY_ACTOR

KNOWN_PERMISSIONS = frozenset((*PERMISSIONS, OWN))


def _permissions() -> fields.List[Any]:
    return fields.List(Id(), required=True, validate=validate.Length(min=1, max=200))


def _scopes(**options: Any) -> fields.Dict:
    """By kind, the names allowed; a kind that is not there is not narrowed."""
    names = fields.List(Id(), validate=validate.Length(max=200))
    return fields.Dict(keys=Choice(SCOPES), values=names, **options)


class PageOf(Strict):
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()


class DefineRole(Strict):
    name = Line(80, required=True)
    permissions = _permissions()
    scopes = _scopes(load_default=dict)


class ChangeRole(Strict):
    role_id = Id(required=True)
    name = Line(80)
    permissions = fields.List(Id(), validate=validate.Length(min=1, max=200))
    scopes = _scopes()


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
    name = Line(80, required=True)
    permissions = _permissions()
    scopes = _scopes(load_default=dict)
    expires_at = Moment(required=True)


class RevokeKey(Strict):
    key_id = Id(required=True)


class GetKey(RevokeKey):
    pass


class ListKeys(PageOf):
    created_by = Id(load_default=None, allow_none=True)


class RevokeKeysOf(Strict):
    user_id = Id(required=True)


class RevokedKeys(Result):
    user_id = fields.String()
    revoked = fields.Integer(metadata={"description": "How many keys"})


class VerifyKey(Strict):
    key = Verbatim(300, minimum=1, required=True)


class Key(Result):
    """`maker`: whether who made it could make it today (administrator), could not (member), or is gone (inactive)."""

    id = fields.String()
    name = fields.String()
    permissions = fields.List(fields.String())
    scopes = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
    created_by = fields.String()
    maker = fields.String(validate=validate.OneOf(["administrator", "member", "inactive"]))
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

    about = Id(minimum=0, load_default=None, allow_none=True)


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
