"""The lists of a person: e-mails, phones, addresses and contacts (row P4); added, changed and removed one by one."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from services.chassis.inputs import Choice, Code, EmailAddress, Flag, Id, Line, Version
from services.chassis.schemas import Strict
from services.people.persons.model.person import ADDRESS_KINDS, CONTACT_KINDS


class Item(Strict):
    """`id` is the item's own within its person."""

    id = fields.String(dump_only=True)


def _extension() -> fields.String:
    return Code(r"([0-9]{1,8})?", load_default="", dump_default="")


class Email(Item):
    address = EmailAddress(required=True)
    main = Flag(load_default=False)


class Phone(Item):
    """`number`: input in any Brazilian or international form, with or without extension; output in E.164."""

    number = Line(60, required=True)
    extension = _extension()
    main = Flag(load_default=False)


class Address(Item):
    """One address is of kind main. `city_code` is IBGE's; it is filled in where the city's name is known.

    `country` as of ISO 3166, of two letters. In Brazil `state` is a UF, and `postal_code` a CEP; elsewhere both are as
    they are written there, and may be missing.
    """

    kind = Choice(ADDRESS_KINDS, load_default="main")
    street = Line(200, required=True)
    number = Line(20, load_default="")
    complement = Line(100, load_default="")
    district = Line(100, load_default="")
    city = Line(100, required=True)
    city_code = Code(r"[0-9]{7}", load_default=None, allow_none=True)
    state = Line(60, load_default="")
    postal_code = Line(20, load_default="")
    country = Code(r"[A-Z]{2}", load_default="BR", dump_default="BR")
    main = Flag(dump_only=True)

    @validates_schema
    def has_a_state_in_brazil(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("country", "BR") == "BR" and data.get("state") == "":
            raise ValidationError("Informe a UF.", "state")


class Contact(Item):
    """A contact of the person, or of one of its addresses (`address_id`); each of these has one main contact."""

    name = Line(150, required=True)
    kind = Choice(CONTACT_KINDS, load_default="other")
    role = Line(100, load_default="")
    address_id = Id(20, minimum=0, load_default=None, allow_none=True)
    email = EmailAddress(load_default=None, allow_none=True)
    phone = Line(60, load_default=None, allow_none=True)
    phone_extension = _extension()
    main = Flag(load_default=False)


class Edit(Strict):
    """A change of a person; `version`: the one that the caller saw, null to change any version."""

    person_id = Id(required=True)
    version = Version()


class AddEmail(Email, Edit):
    pass


class AddPhone(Phone, Edit):
    pass


class AddAddress(Address, Edit):
    pass


class AddContact(Contact, Edit):
    pass


class RemoveItem(Edit):
    item_id = Id(20, required=True)


def _change_of(item: type[Schema]) -> type[Schema]:
    """A schema like `item`, with no required fields and no defaults: what is not given stays as it is."""

    class Change(item, RemoveItem):  # type: ignore[valid-type, misc]
        def __init__(self, **options: Any) -> None:
            super().__init__(partial=tuple(item._declared_fields), **options)

    Change.__name__ = Change.__qualname__ = f"Change{item.__name__}"
    return Change


ChangeEmail = _change_of(Email)
ChangePhone = _change_of(Phone)
ChangeAddress = _change_of(Address)
ChangeContact = _change_of(Contact)
