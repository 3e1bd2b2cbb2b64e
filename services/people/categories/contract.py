"""Categories and characteristics of a company (row P3)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.chassis.inputs import Choice, Flag, Line, Text, Version
from services.chassis.schemas import ById, Result, Strict
from services.people.options.model import SECTIONS

# Kinds of references (services/chassis/references.py).
CATEGORIES, CHARACTERISTICS = "categories", "characteristics"


def _sections(**kwargs: Any) -> Any:
    one = Choice(tuple(SECTIONS))
    return fields.List(one, validate=validate.Length(max=len(SECTIONS)), **kwargs)


class Nothing(Strict):
    """Input of a query that asks for all."""


class CreateCategory(Strict):
    """`sections`: what the person page offers for this category."""

    name = Line(60, required=True)
    sections = _sections(load_default=lambda: list(SECTIONS))


class ChangeCategory(ById):
    """A field that is not given stays. An inactive category is given to nobody else; persons who have it keep it."""

    version = Version()
    name = Line(60)
    sections = _sections()
    active = Flag()


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

    name = Line(60, required=True)
    message = Text(500, load_default="")


class ChangeCharacteristic(ById):
    """What is not given stays."""

    version = Version()
    name = Line(60)
    message = Text(500)
    active = Flag()


class Characteristic(Result):
    id = fields.String()
    name = fields.String()
    message = fields.String()
    active = fields.Boolean()
    version = fields.Integer()


class CharacteristicList(Result):
    items = fields.List(fields.Nested(Characteristic))


class Removed(Result):
    """The id of the removed record."""

    id = fields.String()
