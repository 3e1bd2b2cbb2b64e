"""Opening a person: the options for its category and the user's access (row P6)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.inputs import Id
from services.chassis.references import Reference, References
from services.chassis.schemas import Result, Strict
from services.people.categories.contract import CATEGORIES, Characteristic
from services.people.options.model import SECTIONS
from services.people.persons.contract import Person, optional_ids
from services.people.relations.contract import CountedRelations


class OpenPerson(Strict):
    """`category_id`: one of the person's categories, to work in; by default the first that the user may see."""

    id = Id(required=True)
    category = optional_ids(64, data_key="category_id")


class OpenedPerson(Result):
    """Row P6: `options` are the sections offered; `characteristics` come with their messages (row P3).

    `related_persons`: their first page (row P5); null where they are not offered.
    """

    person = fields.Nested(Person)
    category = Reference(CATEGORIES, allow_none=True)
    categories = References(CATEGORIES)
    options = fields.List(fields.String(validate=validate.OneOf(tuple(SECTIONS))))
    characteristics = fields.List(fields.Nested(Characteristic))
    related_persons = fields.Nested(CountedRelations, allow_none=True)
