"""Signing in, refreshing, signing out; a supervisor's approval (row G3)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Code, EmailAddress, Id, Line, Verbatim
from services.chassis.schemas import Result, Strict, UTCDateTime

ADDRESS = Id(required=True, metadata={"description": "Of the caller"})


def _password() -> fields.String:
    return Verbatim(200, minimum=1, required=True)


class SignIn(Strict):
    login = EmailAddress(required=True)
    password = _password()
    company = Line(60, load_default=None, allow_none=True, metadata={"description": "Its code"})
    address = ADDRESS


class RefreshSession(Strict):
    refresh_token = Verbatim(300, minimum=1, required=True)
    address = ADDRESS


class SignOut(Strict):
    session_id = Id(required=True)


class SignedOut(Result):
    session_id = fields.String()


class SignedIn(Result):
    """The user, the company chosen, what the user may do there, and how the session goes on.

    `permissions` and `scopes` are as in services/chassis/access/context.py. The refresh token is good once, and
    repeats its answer for 30 seconds.
    """

    user_id = fields.String()
    user_name = fields.String()
    login = fields.String()
    person_id = fields.String(allow_none=True)
    company = fields.String()
    company_name = fields.String()
    time_zone = fields.String()
    roles = fields.List(fields.String())
    permissions = fields.List(fields.String())
    scopes = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
    session_id = fields.String()
    refresh_token = fields.String()
    refresh_expires_at = UTCDateTime()


class ApproveAction(Strict):
    """A supervisor's own login and password, for one action of who is signed in.

    `action` is `<service>.<command>`; `subject` the id of the record that the action is for, the last one that its path
    names; null where the path names none. `digest` is of the body that the action is shown with.
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
