"""Signing in, users and companies (rows P9, G3)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.schemas import Result, Strict


class SignIn(Strict):
    login = fields.Email(required=True)
    password = fields.String(required=True, validate=validate.Length(min=1, max=200))
    company = fields.String(load_default=None, allow_none=True)


class SignedIn(Result):
    """The user, the company chosen, and the roles held there."""

    user_id = fields.String()
    user_name = fields.String()
    login = fields.String()
    company = fields.String()
    company_name = fields.String()
    roles = fields.List(fields.String())
    permissions = fields.List(fields.String())
    scopes = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
