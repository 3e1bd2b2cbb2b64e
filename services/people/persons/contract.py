"""Schemas of persons: registering, changing, searching; probable duplicates; cities (rows P1, P2, P4, P7)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.chassis.access import sections
from services.chassis.inputs import Choice, Code, Id, Line, Text, Whole
from services.chassis.references import References
from services.chassis.schemas import Result, Strict, page_of
from services.people.categories.contract import CATEGORIES, CHARACTERISTICS
from services.people.lists.contract import Address, Contact, Edit, Email, Phone
from services.people.persons.model.duplicates import REASONS
from services.people.persons.model.person import MOST_CATEGORIES, MOST_CHARACTERISTICS

STATUSES = ("active", "inactive")


def _ids(maximum: int, minimum: int = 0, **kwargs: Any) -> Any:
    one = Id()
    return fields.List(one, validate=validate.Length(min=minimum, max=maximum), **kwargs)


def optional_ids(maximum: int, **options: Any) -> Any:
    return Line(maximum, load_default=None, allow_none=True, **options)


class RegisterPerson(Strict):
    """Row P2: a prospect needs a name only; a client also a short name and a CPF or CNPJ, and with a CNPJ a state
    registration or "isento". `category_ids` are built-in names or ids of the company's own."""

    name = Line(150, required=True)
    short_name = Line(60, load_default="")
    trade_name = Line(150, load_default="")
    document = optional_ids(20)
    state_registration = optional_ids(20)
    state_registration_state = optional_ids(2)
    categories = _ids(MOST_CATEGORIES, minimum=1, load_default=lambda: ["prospect"], data_key="category_ids")
    characteristics = _ids(MOST_CHARACTERISTICS, load_default=list, data_key="characteristic_ids")
    emails = fields.List(fields.Nested(Email), load_default=list, validate=validate.Length(max=20))
    phones = fields.List(fields.Nested(Phone), load_default=list, validate=validate.Length(max=20))
    addresses = fields.List(
        fields.Nested(Address), load_default=list, validate=validate.Length(max=20), metadata=sections.of("addresses")
    )
    contacts = fields.List(fields.Nested(Contact), load_default=list, validate=validate.Length(max=50))
    # Set by imports only: a key of the row, so that importing it twice makes no second person.
    import_key = optional_ids(200)


class ChangePerson(Edit):
    """What is not given stays as it is."""

    name = Line(150)
    short_name = Line(60)
    trade_name = Line(150)
    document = Line(20, allow_none=True)
    state_registration = Line(20, allow_none=True)
    state_registration_state = Line(2, allow_none=True)
    categories = _ids(MOST_CATEGORIES, minimum=1, data_key="category_ids")
    characteristics = _ids(MOST_CHARACTERISTICS, data_key="characteristic_ids")


class InactivatePerson(Edit):
    reason = Text(200, load_default="")


class ReactivatePerson(Edit):
    pass


class GetPerson(Strict):
    """By `id`, or by the company's `code`."""

    id = Id(minimum=0, load_default=None)
    code = Whole(1, load_default=None)


class SearchPersons(Strict):
    """`q`: a code, words of a name, a document, an e-mail or the last digits of a phone (row P1)."""

    q = Line(150, load_default="")
    status = Choice(STATUSES, load_default="active", data_key="state")
    category = optional_ids(64, data_key="category_id")
    limit = Whole(1, 100, load_default=20)
    cursor = optional_ids(400)


class SuggestPersons(Strict):
    """`q` as of a search; active persons, for who types."""

    q = Line(150, required=True, minimum=1)
    category = optional_ids(64, data_key="category_id")
    limit = Whole(1, 20, load_default=8)


class PersonSuggestion(Result):
    """A person as a list of suggestions shows them; `email` and `phone` are the main ones."""

    id = fields.String()
    code = fields.Integer()
    name = fields.String()
    short_name = fields.String()
    document = fields.String(allow_none=True)
    categories = References(CATEGORIES)
    email = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)


class PersonSuggestions(Result):
    items = fields.List(fields.Nested(PersonSuggestion))


class Person(Result):
    id = fields.String()
    code = fields.Integer()
    name = fields.String()
    short_name = fields.String()
    trade_name = fields.String()
    document = fields.String(allow_none=True)
    state_registration = fields.String(allow_none=True)
    state_registration_state = fields.String(allow_none=True)
    categories = References(CATEGORIES)
    characteristics = References(CHARACTERISTICS)
    emails = fields.List(fields.Nested(Email))
    phones = fields.List(fields.Nested(Phone))
    addresses = fields.List(fields.Nested(Address), metadata=sections.of("addresses"))
    contacts = fields.List(fields.Nested(Contact))
    active = fields.Boolean()
    inactive_reason = fields.String(allow_none=True)
    inactivated_at = fields.DateTime(allow_none=True)
    version = fields.Integer()
    created_at = fields.DateTime()


PersonPage = page_of(Person, "PersonPage")


class Coded(Result):
    """A person, by what people call them."""

    id = fields.String()
    code = fields.Integer()
    name = fields.String()


class DuplicateWarning(Result):
    """A person who may be the same one; `score`: 1 to 100; `reasons`: email, phone, name."""

    person = fields.Nested(Coded)
    score = fields.Integer()
    reasons = fields.List(Choice(REASONS))


class RegisteredPerson(Person):
    """`warnings`: probable duplicates, the likeliest first."""

    warnings = fields.List(fields.Nested(DuplicateWarning))


class ListDuplicates(Strict):
    """The duplicates of the company, or of one person; the likeliest first."""

    person_id = optional_ids(64)
    limit = Whole(1, 100, load_default=20)
    cursor = optional_ids(400)


class Namesake(Result):
    id = fields.String()
    code = fields.Integer()
    name = fields.String()
    active = fields.Boolean()


class Duplicate(Result):
    """Two persons who may be one."""

    id = fields.String()
    persons = fields.List(fields.Nested(Namesake))
    score = fields.Integer()
    reasons = fields.List(Choice(REASONS))


DuplicatePage = page_of(Duplicate, "DuplicatePage")


class ListCities(Strict):
    """`q`: the beginnings of words of the name."""

    state = Code("[A-Z]{2}", required=True)
    q = Line(100, load_default="")


class City(Result):
    """`code` is IBGE's."""

    code = fields.String()
    name = fields.String()
    state = fields.String()


class CityList(Result):
    items = fields.List(fields.Nested(City))
