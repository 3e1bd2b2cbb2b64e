"""Users of a company (row P9)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.chassis.inputs import EmailAddress, Flag, Id, Line, Verbatim
from services.chassis.references import PERSONS, Reference, References
from services.chassis.schemas import SOMETIMES, Result, Strict, page_of
from services.people.access.contract import ROLES, PageOf


def _roles(required: bool = True) -> fields.List[Any]:
    return fields.List(Id(), required=required, validate=validate.Length(min=1, max=20), data_key="role_ids")


def _person() -> fields.String:
    return Id(minimum=0, allow_none=True)


class CreateUser(Strict):
    login = EmailAddress(200, required=True)
    name = Line(120, required=True)
    password = Verbatim(200, minimum=1, required=True)
    roles = _roles()
    person_id = _person()


class ChangeUser(Strict):
    """What is not given stays."""

    user_id = Id(required=True)
    name = Line(120)
    roles = _roles(required=False)
    person_id = _person()
    active = Flag()


class JoinCompany(Strict):
    user_id = Id(required=True)
    roles = _roles()
    person_id = _person()


class ResetPassword(Strict):
    user_id = Id(required=True)
    password = Verbatim(200, minimum=1, required=True)


class ChangeOwnPassword(Strict):
    current = Verbatim(200, minimum=1, required=True)
    password = Verbatim(200, minimum=1, required=True)
    address = Id(required=True)


class GetUser(Strict):
    user_id = Id(required=True)


class ListUsers(PageOf):
    pass


class ListColleagues(PageOf):
    q = Line(120, minimum=0, load_default="", metadata={"description": "O começo do nome"})


class Colleague(Result):
    """A member as every other one sees them: to be chosen, and to be read beside what they did."""

    id = fields.String()
    name = fields.String()
    active = fields.Boolean()


ColleaguePage = page_of(Colleague, "ColleaguePage")


class User(Result):
    """A member as the company sees it: roles and linked person in this company, nothing of another one."""

    id = fields.String()
    login = fields.String()
    name = fields.String()
    roles = References(ROLES)
    person = Reference(PERSONS, allow_none=True)
    active = fields.Boolean()
    shared = fields.Boolean(metadata={"description": "Também de outra empresa: nome e senha não são seus"})
    live_keys = fields.Integer(
        metadata={
            SOMETIMES: True,
            "description": "Chaves de API que ele fez e que ainda valem; nas listas não vem",
        }
    )
    version = fields.Integer(
        metadata={"description": "Do que a empresa vê dele; uma senha nova ou outra empresa não a muda"}
    )


UserPage = page_of(User, "UserPage")
