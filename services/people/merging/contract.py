"""Merging two records of one person, and undoing it (row P7)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.access import sections
from services.chassis.inputs import Choice, Id, Line, Whole
from services.chassis.references import PERSONS, USERS, Reference, References
from services.chassis.schemas import SOMETIMES, Result, Strict, UTCDateTime
from services.people.categories.contract import CATEGORIES, CHARACTERISTICS
from services.people.lists.contract import Address, Contact, Email, Phone
from services.people.persons.contract import Coded, Person
from services.people.persons.model.relations import RELATION_KINDS

TAKE_LIMIT = 40


class PreviewMerge(Strict):
    """`take`: fields in conflict of which the merged person's value is to stay."""

    survivor_id = Id(required=True)
    person_id = Id(required=True)
    take = fields.List(Line(60), load_default=list, validate=validate.Length(max=TAKE_LIMIT))


class MergePersons(PreviewMerge):
    """The versions are those that the preview showed; a record changed since is refused."""

    survivor_version = Whole(1, required=True)
    person_version = Whole(1, required=True)


class UnmergePerson(Strict):
    person_id = Id(required=True)


class MergeConflict(Result):
    """A field in which the records differ; `kept`: whose value stays, "survivor" or "person"."""

    field = fields.String()
    survivor = fields.String(allow_none=True)
    person = fields.String(allow_none=True)
    kept = fields.String()


class MergeRelation(Result):
    """`kind`: what the related person is to this one."""

    id = fields.String()
    person = Reference(PERSONS)
    kind = Choice(RELATION_KINDS)
    since = UTCDateTime()


class MergeAdded(Result):
    """What the survivor gets, by list; a list that gets nothing is left out."""

    categories = References(CATEGORIES, metadata={SOMETIMES: True})
    characteristics = References(CHARACTERISTICS, metadata={SOMETIMES: True})
    emails = fields.List(fields.Nested(Email), metadata={SOMETIMES: True})
    phones = fields.List(fields.Nested(Phone), metadata={SOMETIMES: True})
    addresses = fields.List(fields.Nested(Address), metadata={**sections.of("addresses"), SOMETIMES: True})
    contacts = fields.List(fields.Nested(Contact), metadata={SOMETIMES: True})
    relations = fields.List(fields.Nested(MergeRelation), metadata={**sections.of("related_persons"), SOMETIMES: True})


class MergePreview(Result):
    """`added`: by list, what the survivor gets; the versions are those to merge with."""

    survivor = fields.Nested(Person)
    conflicts = fields.List(fields.Nested(MergeConflict))
    added = fields.Nested(MergeAdded)
    survivor_version = fields.Integer()
    person_version = fields.Integer()


class Unmerged(Result):
    survivor = fields.Nested(Person)
    person = fields.Nested(Person)


class MergedPerson(Result):
    person = fields.Nested(Coded)
    at = fields.DateTime()
    by = Reference(USERS, "by", "by_name")


class MergedPersons(Result):
    items = fields.List(fields.Nested(MergedPerson))
