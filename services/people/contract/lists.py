"""The lists of a person: e-mails, phones, addresses and contacts (row P4); added, changed and removed one by one."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from services.chassis.schemas import Strict, text
from services.people.domain import ADDRESS_KINDS, CONTACT_KINDS


class Item(Strict):
    """`id` is the item's own within its person."""

    id = fields.String(dump_only=True)


def _extension() -> fields.String:
    return fields.String(load_default="", dump_default="", validate=validate.Regexp(r"^([0-9]{1,8})?$"))


class Email(Item):
    address = fields.Email(required=True, validate=validate.Length(max=254))
    main = fields.Boolean(load_default=False)


class Phone(Item):
    """`number` in any Brazilian or international writing, with or without its extension; answered as E.164."""

    number = text(60)
    extension = _extension()
    main = fields.Boolean(load_default=False)


class Address(Item):
    """One address is of kind main. `city_code` is IBGE's; it is filled in where the city's name is known."""

    kind = fields.String(load_default="main", validate=validate.OneOf(ADDRESS_KINDS))
    street = text(200)
    number = text(20, required=False, load_default="")
    complement = text(100, required=False, load_default="")
    district = text(100, required=False, load_default="")
    city = text(100)
    city_code = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(r"^[0-9]{7}$"))
    state = fields.String(required=True, validate=validate.Regexp(r"^[A-Z]{2}$"))
    postal_code = fields.String(load_default="", validate=validate.Regexp(r"^([0-9]{5}-?[0-9]{3})?$"))
    main = fields.Boolean(dump_only=True)


class Contact(Item):
    """Somebody to talk to: of the person, or of one of its addresses; each of them has one main contact."""

    name = text(150)
    kind = fields.String(load_default="other", validate=validate.OneOf(CONTACT_KINDS))
    role = text(100, required=False, load_default="")
    address_id = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=20))
    email = fields.Email(load_default=None, allow_none=True)
    phone = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=60))
    phone_extension = _extension()
    main = fields.Boolean(load_default=False)


class Edit(Strict):
    """A change of a person; `version` is the one that the caller saw, where that matters to the caller."""

    person_id = fields.String(required=True, validate=validate.Length(max=64))
    version = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=1))


class AddEmail(Email, Edit):
    pass


class AddPhone(Phone, Edit):
    pass


class AddAddress(Address, Edit):
    pass


class AddContact(Contact, Edit):
    pass


class RemoveItem(Edit):
    item_id = fields.String(required=True, validate=validate.Length(max=20))


def _partly(item: type[Schema]) -> type[Schema]:
    """`item` with none of its fields required, and no defaults: what is not given stays as it is."""

    class Change(item, RemoveItem):  # type: ignore[valid-type, misc]
        def __init__(self, **options: Any) -> None:
            super().__init__(partial=tuple(item._declared_fields), **options)

    Change.__name__ = Change.__qualname__ = f"Change{item.__name__}"
    return Change


ChangeEmail = _partly(Email)
ChangePhone = _partly(Phone)
ChangeAddress = _partly(Address)
ChangeContact = _partly(Contact)
