"""Registering, changing, finding and opening persons (rows P1, P2, P6, P7)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.chassis import sections
from services.chassis.inputs import Choice, Id, Line, Text, Whole
from services.chassis.schemas import Result, Strict, page_of
from services.people.contract.categories import Characteristic
from services.people.contract.lists import Address, Contact, Edit, Email, Phone
from services.people.domain import SECTIONS

STATUSES = ("active", "inactive")


def _ids(maximum: int, minimum: int = 0, **kwargs: Any) -> Any:
    one = Id()
    return fields.List(one, validate=validate.Length(min=minimum, max=maximum), **kwargs)


def _optional(maximum: int) -> Any:
    return Line(maximum, load_default=None, allow_none=True)


class RegisterPerson(Strict):
    """Row P2: a prospect needs a name only; a client also a short name and a CPF or CNPJ, and with a CNPJ a state
    registration or "isento". `categories` are built-in names or ids of the company's own."""

    name = Line(150, required=True)
    short_name = Line(60, load_default="")
    trade_name = Line(150, load_default="")
    document = _optional(20)
    state_registration = _optional(20)
    state_registration_state = _optional(2)
    categories = _ids(20, minimum=1, load_default=lambda: ["prospect"])
    characteristics = _ids(50, load_default=list)
    emails = fields.List(fields.Nested(Email), load_default=list, validate=validate.Length(max=20))
    phones = fields.List(fields.Nested(Phone), load_default=list, validate=validate.Length(max=20))
    addresses = fields.List(
        fields.Nested(Address), load_default=list, validate=validate.Length(max=20), metadata=sections.of("addresses")
    )
    contacts = fields.List(fields.Nested(Contact), load_default=list, validate=validate.Length(max=50))
    # Given by an import only: the source's own key, so that importing twice makes no second person.
    import_key = _optional(200)


class ChangePerson(Edit):
    """What is not given stays as it is."""

    name = Line(150)
    short_name = Line(60)
    trade_name = Line(150)
    document = Line(20, allow_none=True)
    state_registration = Line(20, allow_none=True)
    state_registration_state = Line(2, allow_none=True)
    categories = _ids(20, minimum=1)
    characteristics = _ids(50)


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
    status = Choice(STATUSES, load_default="active")
    category = _optional(64)
    limit = Whole(1, 100, load_default=20)
    cursor = _optional(400)


class Person(Result):
    id = fields.String()
    code = fields.Integer()
    name = fields.String()
    short_name = fields.String()
    trade_name = fields.String()
    document = fields.String(allow_none=True)
    state_registration = fields.String(allow_none=True)
    state_registration_state = fields.String(allow_none=True)
    categories = fields.List(fields.String())
    characteristics = fields.List(fields.String())
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


class DuplicateWarning(Result):
    """Somebody who may be the same person; `score` of 100, `reasons`: email, phone, name."""

    person_id = fields.String()
    person_code = fields.Integer()
    person_name = fields.String()
    score = fields.Integer()
    reasons = fields.List(fields.String())


class RegisteredPerson(Person):
    """`warnings`: probable duplicates, the likeliest first."""

    warnings = fields.List(fields.Nested(DuplicateWarning))


class ListDuplicates(Strict):
    """Of the company, or of one person; the likeliest first."""

    person_id = _optional(64)
    limit = Whole(1, 100, load_default=20)
    cursor = _optional(400)


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
    reasons = fields.List(fields.String())


DuplicatePage = page_of(Duplicate, "DuplicatePage")


class OpenPerson(Strict):
    """`category`: the one to work in, of those that the person has; default: the first that the user sees."""

    id = Id(required=True)
    category = _optional(64)


class OpenedPerson(Result):
    """Row P6: `options` are the sections offered; `characteristics` come with their messages (row P3)."""

    person = fields.Nested(Person)
    category = fields.String(allow_none=True)
    categories = fields.List(fields.String())
    options = fields.List(fields.String(validate=validate.OneOf(tuple(SECTIONS))))
    characteristics = fields.List(fields.Nested(Characteristic))
