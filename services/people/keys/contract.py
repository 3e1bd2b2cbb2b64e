"""API keys of other systems (row P9)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.inputs import Id, Line, Moment, Verbatim
from services.chassis.references import USERS, Reference
from services.chassis.schemas import Result, Strict, UTCDateTime, page_of
from services.people.access.contract import PageOf, permissions_field, scopes_field
from services.people.keys.model import KEY_ACTOR as KEY_ACTOR


class CreateKey(Strict):
    name = Line(80, required=True)
    permissions = permissions_field()
    scopes = scopes_field(load_default=dict)
    expires_at = Moment(required=True)


class RevokeKey(Strict):
    key_id = Id(required=True)


class GetKey(RevokeKey):
    pass


class ListKeys(PageOf):
    created_by = Id(load_default=None, allow_none=True, data_key="user_id")


class RevokeKeysOf(Strict):
    user_id = Id(required=True)


class RevokedKeys(Result):
    user = Reference(USERS)
    revoked = fields.Integer(metadata={"description": "Quantas chaves"})


class VerifyKey(Strict):
    key = Verbatim(300, minimum=1, required=True)


class Key(Result):
    """`maker`: the user who made it could make it today (administrator), could not (member), or left (inactive)."""

    id = fields.String()
    name = fields.String()
    permissions = fields.List(fields.String())
    scopes = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
    created_by = Reference(USERS, "created_by")
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


KeyPage = page_of(Key, "KeyPage")
