"""Responsibility centers (row A1)."""

from __future__ import annotations

from marshmallow import fields

from services.attendance.shared.contract import Changing, key, list_of
from services.chassis.inputs import Flag, Id, Line, Text
from services.chassis.schemas import Result, Strict


class CenterFields(Strict):
    """Row A1."""

    name = Line(100, required=True)
    ends_the_process = Flag(load_default=False)
    next_user_required = Flag(load_default=False)
    text_required = Flag(load_default=False)
    default_text = Text(20_000, load_default="")


class CreateCenter(CenterFields):
    id = key()


class ChangeCenter(CenterFields, Changing):
    id = Id(required=True)


class Center(Result):
    id = fields.String()
    name = fields.String()
    ends_the_process = fields.Boolean()
    next_user_required = fields.Boolean()
    text_required = fields.Boolean()
    default_text = fields.String()
    version = fields.Integer()


CenterList = list_of(Center, "CenterList")
