"""Signing in, refreshing, signing out; a supervisor's approval (row G3)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Code, EmailAddress, Id, Line, Verbatim
from services.chassis.references import PERSONS, Named, Reference, References
from services.chassis.schemas import Result, Strict, UTCDateTime
from services.people.access.contract import ROLES

ADDRESS = Id(required=True, metadata={"description": "The caller's IP address"})


def _password() -> fields.String:
    return Verbatim(200, minimum=1, required=True)


class SignIn(Strict):
    login = EmailAddress(required=True)
    password = _password()
    company = Line(60, load_default=None, allow_none=True, metadata={"description": "Código da empresa"})
    address = ADDRESS


class RefreshSession(Strict):
    refresh_token = Verbatim(300, minimum=1, required=True)
    address = ADDRESS


class SignOut(Strict):
    session_id = Id(required=True)


class SignedOut(Result):
    session_id = fields.String()


class SignedIn(Result):
    """The user, the chosen company, the user's access there, and the tokens of the session.

    `permissions` and `scopes` are as in services/chassis/access/context.py. The refresh token is good once, and
    repeats its answer for 30 seconds.
    """

    user_id = fields.String()
    user_name = fields.String()
    login = fields.String()
    person_id = fields.String(allow_none=True)
    person_name = fields.String(allow_none=True)
    company = fields.String()
    company_name = fields.String()
    time_zone = fields.String()
    roles = fields.List(fields.Nested(Named))
    permissions = fields.List(fields.String())
    scopes = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
    session_id = fields.String()
    refresh_token = fields.String()
    refresh_expires_at = UTCDateTime()


class GetSession(Strict):
    pass


class SessionUser(Result):
    id = fields.String()
    name = fields.String()
    login = fields.String()
    roles = References(ROLES)
    person = Reference(PERSONS, named="person_name", allow_none=True)


class SessionCompany(Result):
    id = fields.String()
    name = fields.String()
    time_zone = fields.String()


class Session(Result):
    user = fields.Nested(SessionUser)
    company = fields.Nested(SessionCompany)


class ApproveAction(Strict):
    """A supervisor's login and password, to approve one action of the signed-in user.

    `action` is `<service>.<command>`; `subject` is the id of the record, the last one in the request's path, null where
    the path has none. `digest` is the SHA-256 (hex) of the body.
    """

    login = EmailAddress(required=True)
    password = _password()
    action = Code(r"[a-z]+\.[a-z_]{1,60}", required=True)
    subject = Id(load_default=None, allow_none=True)
    digest = Code(r"[0-9a-f]{64}", required=True)
    address = ADDRESS


class Approval(Result):
    id = fields.String()
    supervisor_id = fields.String()
    supervisor_name = fields.String()
    action = fields.String()
    subject = fields.String(allow_none=True)
    digest = fields.String()
    seconds = fields.Integer()
