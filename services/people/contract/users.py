"""Users of a company, and the company itself (row P9)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.chassis.schemas import Result, Strict, page_of, text
from services.people.contract.access import PageOf


def _roles(required: bool = True) -> fields.List[Any]:
    return fields.List(fields.String(), required=required, validate=validate.Length(min=1, max=20))


def _person() -> fields.String:
    return fields.String(allow_none=True, validate=validate.Length(max=64))


class CreateUser(Strict):
    login = fields.Email(required=True, validate=validate.Length(max=200))
    name = text(120)
    password = fields.String(required=True, validate=validate.Length(min=1, max=200))
    roles = _roles()
    person_id = _person()


class ChangeUser(Strict):
    """What is not given stays."""

    user_id = fields.String(required=True, validate=validate.Length(max=64))
    name = text(120, required=False)
    roles = _roles(required=False)
    person_id = _person()
    active = fields.Boolean()


class JoinCompany(Strict):
    user_id = fields.String(required=True, validate=validate.Length(max=64))
    roles = _roles()
    person_id = _person()


class ResetPassword(Strict):
    user_id = fields.String(required=True, validate=validate.Length(max=64))
    password = fields.String(required=True, validate=validate.Length(min=1, max=200))


class ChangeOwnPassword(Strict):
    current = fields.String(required=True, validate=validate.Length(min=1, max=200))
    password = fields.String(required=True, validate=validate.Length(min=1, max=200))
    address = fields.String(required=True, validate=validate.Length(max=64))


class GetUser(Strict):
    user_id = fields.String(required=True, validate=validate.Length(max=64))


class ListUsers(PageOf):
    pass


class User(Result):
    """As the company sees a member: its own roles and link, nothing of another company."""

    id = fields.String()
    login = fields.String()
    name = fields.String()
    roles = fields.List(fields.String())
    person_id = fields.String(allow_none=True)
    active = fields.Boolean()
    shared = fields.Boolean(metadata={"description": "Also of another company: name and password are not yours"})


class GetCompany(Strict):
    pass


class ChangeCompany(Strict):
    """What is not given stays."""

    name = text(120, required=False)
    time_zone = fields.String(validate=validate.Length(min=1, max=64), metadata={"description": "IANA name"})
    settings = fields.Dict(keys=fields.String(), values=fields.Integer(strict=True))


class Company(Result):
    id = fields.String()
    code = fields.String()
    name = fields.String()
    time_zone = fields.String()
    settings = fields.Dict(keys=fields.String(), values=fields.Integer())


UserPage = page_of(User, "UserPage")
