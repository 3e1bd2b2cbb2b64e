"""Categories and characteristics of a company (row P3)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.chassis.schemas import ById, Result, Strict, text
from services.people.domain import SECTIONS


def _sections(**kwargs: Any) -> Any:
    one = fields.String(validate=validate.OneOf(tuple(SECTIONS)))
    return fields.List(one, validate=validate.Length(max=len(SECTIONS)), **kwargs)


class Nothing(Strict):
    """Input of a query that asks for all."""


class CreateCategory(Strict):
    """`sections`: what the person page offers for this category."""

    name = text(60)
    sections = _sections(load_default=lambda: list(SECTIONS))


class ChangeCategory(ById):
    """What is not given stays; an inactive category is given to nobody, and stays with those who have it."""

    version = fields.Integer(load_default=None, allow_none=True)
    name = text(60, required=False)
    sections = _sections()
    active = fields.Boolean()


class Category(Result):
    """`built_in` ones are the same for every company, and cannot be changed."""

    id = fields.String()
    name = fields.String()
    sections = fields.List(fields.String())
    active = fields.Boolean()
    built_in = fields.Boolean()
    version = fields.Integer()


class CategoryList(Result):
    items = fields.List(fields.Nested(Category))


class CreateCharacteristic(Strict):
    """`message` is shown when a person who has it is opened."""

    name = text(60)
    message = text(500, required=False, load_default="")


class ChangeCharacteristic(ById):
    """What is not given stays."""

    version = fields.Integer(load_default=None, allow_none=True)
    name = text(60, required=False)
    message = text(500, required=False)
    active = fields.Boolean()


class Characteristic(Result):
    id = fields.String()
    name = fields.String()
    message = fields.String()
    active = fields.Boolean()
    version = fields.Integer()


class CharacteristicList(Result):
    items = fields.List(fields.Nested(Characteristic))


class Removed(Result):
    """The id of what is no more."""

    id = fields.String()


class ListCities(Strict):
    """`q`: the beginnings of words of the name."""

    state = fields.String(required=True, validate=validate.Regexp("^[A-Z]{2}$"))
    q = text(100, required=False, load_default="")


class City(Result):
    """`code` is IBGE's."""

    code = fields.String()
    name = fields.String()
    state = fields.String()


class CityList(Result):
    items = fields.List(fields.Nested(City))
