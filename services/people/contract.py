"""What `people` promises: its commands, queries, results and events."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.schemas import Event, EventData, Result, Strict, page_of, text
from services.people.domain import ADDRESS_KINDS, CATEGORIES

SERVICE = "people"


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


class ImportPersons(Strict):
    """A chunk of an import: at most 200 rows, each a RegisterPerson with its line number."""

    rows = fields.List(fields.Dict(), required=True, validate=validate.Length(min=1, max=200))


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


class ImportLine(Result):
    line = fields.Integer()
    outcome = fields.String(validate=validate.OneOf(("registered", "existing", "refused")))
    person_id = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)


class ImportReport(Result):
    lines = fields.List(fields.Nested(ImportLine))


class SignIn(Strict):
    login = fields.Email(required=True)
    password = fields.String(required=True, validate=validate.Length(min=1, max=200))
    company = fields.String(load_default=None, allow_none=True)


class SignedIn(Result):
    """The user, the company chosen, and the roles held there."""

    user_id = fields.String()
    user_name = fields.String()
    login = fields.String()
    company = fields.String()
    company_name = fields.String()
    roles = fields.List(fields.String())


class PersonRegistered(EventData):
    person_id = fields.String(required=True)
    code = fields.Integer(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)


class PersonChanged(PersonRegistered):
    """The same data after a change."""


PERSON_REGISTERED = Event(SERVICE, "person_registered", PersonRegistered)
PERSON_CHANGED = Event(SERVICE, "person_changed", PersonChanged)
EVENTS = (PERSON_REGISTERED, PERSON_CHANGED)
