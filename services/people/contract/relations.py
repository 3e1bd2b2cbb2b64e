"""Related persons (row P5)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.schemas import Result, Strict, page_of
from services.people.contract.lists import Edit
from services.people.contract.persons import Person, SearchPersons
from services.people.domain import RELATION_KINDS


class RelatePersons(Edit):
    """`kind`: what the related person is to this one."""

    related_id = fields.String(required=True, validate=validate.Length(max=64))
    kind = fields.String(required=True, validate=validate.OneOf(RELATION_KINDS))


class UnrelatePersons(Edit):
    relation_id = fields.String(required=True, validate=validate.Length(max=64))


class GetRelation(Strict):
    person_id = fields.String(required=True, validate=validate.Length(max=64))
    relation_id = fields.String(required=True, validate=validate.Length(max=64))


class SearchRelated(SearchPersons):
    person_id = fields.String(required=True, validate=validate.Length(max=64))


class Relation(Result):
    """`id` is the same seen from either side, `kind` is what `person` is to the one asked about."""

    id = fields.String()
    kind = fields.String()
    since = fields.DateTime()
    person = fields.Nested(Person)


RelationPage = page_of(Relation, "RelationPage")
