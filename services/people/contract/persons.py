"""Registering, changing and finding persons (rows P1 to P4)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.schemas import Result, Strict, page_of, text
from services.people.domain import ADDRESS_KINDS, CATEGORIES


class Email(Strict):
    address = fields.Email(required=True, validate=validate.Length(max=254))
    main = fields.Boolean(load_default=False)


class Phone(Strict):
    """`number` in any Brazilian or international writing; answered as E.164."""

    number = text(40)
    main = fields.Boolean(load_default=False)


class Address(Strict):
    kind = fields.String(load_default="main", validate=validate.OneOf(ADDRESS_KINDS))
    street = text(200)
    number = text(20, required=False, load_default="")
    complement = text(100, required=False, load_default="")
    district = text(100, required=False, load_default="")
    city = text(100)
    state = fields.String(required=True, validate=validate.Regexp("^[A-Z]{2}$"))
    postal_code = fields.String(load_default="", validate=validate.Regexp(r"^(\d{5}-?\d{3})?$"))


class Contact(Strict):
    """A person to talk to at this person's (row P4)."""

    name = text(150)
    role = text(100, required=False, load_default="")
    email = fields.Email(load_default=None, allow_none=True)
    phone = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=40))
    main = fields.Boolean(load_default=False)


class RegisterPerson(Strict):
    """Row P2: a prospect needs a name only; a client also a short name and a CPF or CNPJ."""

    name = text(150)
    short_name = text(60, required=False, load_default="")
    document = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=20))
    categories = fields.List(
        fields.String(validate=validate.OneOf(CATEGORIES)),
        load_default=lambda: ["prospect"],
        validate=validate.Length(min=1, max=len(CATEGORIES)),
    )
    emails = fields.List(fields.Nested(Email), load_default=list, validate=validate.Length(max=20))
    phones = fields.List(fields.Nested(Phone), load_default=list, validate=validate.Length(max=20))
    addresses = fields.List(fields.Nested(Address), load_default=list, validate=validate.Length(max=20))
    contacts = fields.List(fields.Nested(Contact), load_default=list, validate=validate.Length(max=50))
    # Given by an import only: the source's own key, so that importing twice makes no second person.
    import_key = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))


class GetPerson(Strict):
    """By `id`, or by the company's `code`."""

    id = fields.String(load_default=None, validate=validate.Length(max=64))
    code = fields.Integer(load_default=None, validate=validate.Range(min=1))


class SearchPersons(Strict):
    """`q`: a code, words of a name, a document, an e-mail or the last digits of a phone (row P1)."""

    q = text(150, required=False, load_default="")
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=100))
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=400))


class AddAddress(Address):
    person_id = fields.String(required=True)


class AddContact(Contact):
    person_id = fields.String(required=True)


class Person(Result):
    id = fields.String()
    code = fields.Integer()
    name = fields.String()
    short_name = fields.String()
    document = fields.String(allow_none=True)
    categories = fields.List(fields.String())
    emails = fields.List(fields.Nested(Email))
    phones = fields.List(fields.Nested(Phone))
    addresses = fields.List(fields.Nested(Address))
    contacts = fields.List(fields.Nested(Contact))
    version = fields.Integer()
    created_at = fields.DateTime()


PersonPage = page_of(Person, "PersonPage")
