"""Related persons (row P5)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Choice, Id
from services.chassis.schemas import Result, Strict, page_of
from services.people.lists.contract import Edit
from services.people.persons.contract import Person, SearchPersons
from services.people.persons.model.relations import RELATION_KINDS


class RelatePersons(Edit):
    """`kind`: what the related person is to this one."""

    related_id = Id(required=True)
    kind = Choice(RELATION_KINDS, required=True)


class UnrelatePersons(Edit):
    relation_id = Id(required=True)


class GetRelation(Strict):
    person_id = Id(required=True)
    relation_id = Id(required=True)


class SearchRelated(SearchPersons):
    person_id = Id(required=True)


class Relation(Result):
    """`id` is the same on both sides; `kind` is what `person` is to the person in the request."""

    id = fields.String()
    kind = Choice(RELATION_KINDS)
    since = fields.DateTime()
    person = fields.Nested(Person)


RelationPage = page_of(Relation, "RelationPage")


class CountedRelations(RelationPage):  # type: ignore[misc, valid-type]
    """A first page, with how many there are (chassis/counting.py)."""

    count = fields.Integer()
    exact = fields.Boolean()
