"""The company itself (row P9)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.inputs import Id, Line, Whole
from services.chassis.schemas import Result, Strict


class GetCompany(Strict):
    pass


class ChangeCompany(Strict):
    """What is not given stays."""

    name = Line(120)
    time_zone = Id(metadata={"description": "Nome IANA, como America/Sao_Paulo"})
    settings = fields.Dict(keys=Id(), values=Whole(), validate=validate.Length(max=50))


class Company(Result):
    id = fields.String()
    code = fields.String()
    name = fields.String()
    time_zone = fields.String()
    settings = fields.Dict(keys=fields.String(), values=fields.Integer())
    version = fields.Integer()
