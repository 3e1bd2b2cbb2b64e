"""A person of a company: the rules of a registration and of its changes (rows P2 to P5, P7).

No framework, no store, no clock may enter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.chassis.errors import Conflict, Invalid, NotFound
from services.people.categories.model import check_categories, check_characteristics
from services.people.persons.model.duplicates import MAX_IDENTITIES, document_key, identities_of
from services.people.persons.model.lists import LISTS, Item, add_item, edit_item, main_of, number_items, remove_item
from services.people.persons.model.places import EXEMPT, abroad, normalise_registration
from services.people.persons.model.relations import INVERSE, MAX_RELATIONS, related_key
from services.people.persons.model.search import category_key, characteristic_key, in_order, keys_of
from services.people.shared.fields import is_cnpj, normalise_document, refused

ADDRESS_KINDS = ("main", "delivery", "billing", "correspondence", "other")
MOST_CATEGORIES, MOST_CHARACTERISTICS = 20, 50
CONTACT_KINDS = ("commercial", "financial", "technical", "management", "other")
BASICS = (
    "name", "short_name", "trade_name", "document", "state_registration", "state_registration_state",
    "categories", "characteristics",
)  # fmt: skip


@dataclass
class Person:
    """One person of a company, whatever its categories; `code` is unique in the company."""

    id: str
    code: int
    name: str
    short_name: str
    document: str | None
    categories: list[str]
    emails: list[Item]
    phones: list[Item]
    addresses: list[Item]
    contacts: list[Item]
    version: int
    created_at: dt.datetime
    import_key: str | None = None
    trade_name: str = ""
    state_registration: str | None = None
    state_registration_state: str | None = None
    characteristics: list[str] = field(default_factory=list)
    relations: list[Item] = field(default_factory=list)
    active: bool = True
    inactive_reason: str | None = None
    inactivated_at: dt.datetime | None = None
    # the last number given to an item of the lists; a number is never given again
    last_item: int = 0
    # search keys and identities of the persons merged into this one
    aliases: list[str] = field(default_factory=list)
    alias_identities: list[str] = field(default_factory=list)
    erased_at: dt.datetime | None = None

    @classmethod
    def register(
        cls, id: str, code: int, data: dict[str, Any], now: dt.datetime, own: Collection[str] = ()
    ) -> Person:  # fmt: skip
        """Row P2, from RegisterPerson's data; raises Invalid with the rule's code.

        `own` are the company's own categories and characteristics that may be given.
        """
        address: Item = next(iter(data.get("addresses") or []), {})
        basics = _basics({"categories": ["prospect"], **data}, own, address)
        person = cls(
            id=id, code=code, **basics, emails=[], phones=[], addresses=[], contacts=[], version=1, created_at=now,
            import_key=data.get("import_key") or None,
        )  # fmt: skip
        for kind in LISTS.values():
            items = number_items(kind, data.get(kind.name) or [], person.last_item + 1)
            setattr(person, kind.name, items)
            person.last_item += len(data.get(kind.name) or [])
        person._refuse_lost_contacts()
        return person

    def change(self, data: dict[str, Any], own: Collection[str] = ()) -> None:
        """Row P2: the fields of BASICS that are given; raises Invalid with the rule's code.

        A category or characteristic that the person has may stay, even if the company has deactivated it.
        """
        known = {*own, *self.categories, *self.characteristics}
        merged = {**{name: getattr(self, name) for name in BASICS}, **data}
        address = main_of(self.addresses) or {}
        for name, value in _basics(merged, known, address).items():
            setattr(self, name, value)

    def inactivate(self, reason: str, now: dt.datetime) -> None:
        """Row P7; raises Conflict("person_inactive")."""
        if not self.active:
            raise Conflict("person_inactive", "A pessoa já está inativa.")
        self.active, self.inactive_reason, self.inactivated_at = False, reason, now

    def reactivate(self) -> None:
        """Raises Conflict("person_active")."""
        if self.active:
            raise Conflict("person_active", "A pessoa já está ativa.")
        self.active, self.inactive_reason, self.inactivated_at = True, None, None

    def add_item(self, name: str, data: Item) -> None:
        """Row P4: adds an item to one of LISTS; raises what lists.add_item raises, and Invalid("address_unknown")."""
        self.last_item += 1
        setattr(self, name, add_item(LISTS[name], getattr(self, name), data, self.last_item))
        self._refuse_lost_contacts()

    def edit_item(self, name: str, item_id: str, data: Item) -> None:
        """Row P4: changes an item; raises what lists.edit_item raises, and Invalid("address_unknown")."""
        setattr(self, name, edit_item(LISTS[name], getattr(self, name), item_id, data))
        self._refuse_lost_contacts()

    def remove_item(self, name: str, item_id: str) -> None:
        """Raises NotFound("<noun>_not_found"), Conflict("address_has_contacts")."""
        if name == "addresses" and any(contact.get("address_id") == item_id for contact in self.contacts):
            raise Conflict("address_has_contacts", "Há contatos neste endereço: remova-os ou mude-os antes.")
        setattr(self, name, remove_item(LISTS[name], getattr(self, name), item_id))

    def relate(self, other: Person, kind: str, link_id: str, now: dt.datetime) -> None:
        """Row P5: relates both persons; raises Conflict: related_to_itself, relation_exists, relations_full."""
        if other.id == self.id:
            raise Conflict("related_to_itself", "Uma pessoa não se relaciona consigo mesma.")
        if any(r["person_id"] == other.id and r["kind"] == kind for r in self.relations):
            raise Conflict("relation_exists", "Estas pessoas já têm esta relação.")
        for one, third, name in ((self, other, kind), (other, self, INVERSE[kind])):
            if len(one.relations) >= MAX_RELATIONS:
                raise Conflict("relations_full", f"Uma pessoa tem no máximo {MAX_RELATIONS} relações.")
            one.relations = [*one.relations, {"id": link_id, "person_id": third.id, "kind": name, "since": now}]

    def relation(self, link_id: str) -> Item:
        """Raises NotFound("relation_not_found")."""
        found = next((relation for relation in self.relations if relation["id"] == link_id), None)
        if found is None:
            raise NotFound("relation_not_found", "Esta relação não existe.")
        return found

    def unrelate(self, link_id: str) -> None:
        """Removes the relation from this person only; raises NotFound("relation_not_found")."""
        gone = self.relation(link_id)
        self.relations = [relation for relation in self.relations if relation is not gone]

    @property
    def document_key(self) -> str | None:
        """The identity of the document, by which its holder is found."""
        return document_key(self.document) if self.document else None

    @property
    def source_key(self) -> str | None:
        """The identity of the import key, by which a second import finds this person."""
        return f"import:{self.import_key}" if self.import_key else None

    def event_data(self) -> dict[str, Any]:
        """The data of the events person_registered and person_changed."""
        phone = main_of(self.phones)
        contacts = [{"name": contact["name"]} for contact in self.contacts]
        return {
            "person_id": self.id,
            "code": self.code,
            "name": self.name,
            "email": self.main_email,
            "emails": self._own("emails", "address"),
            "short_name": self.short_name,
            "categories": self.categories,
            "phone": phone["number"] if phone else None,
            "phones": list(dict.fromkeys([*self._own("phones", "number"), *self._own("contacts", "phone")])),
            "active": self.active,
            "contacts": contacts,
            "document": self.document,
            "state_registration": self.state_registration,
            "address": main_of(self.addresses),
        }

    @property
    def main_email(self) -> str | None:
        email = main_of(self.emails)
        return str(email["address"]) if email else None

    def search_keys(self) -> list[str]:
        """Every key by which rows P1 and P5 find this person, and by which categories are known to be in use."""
        names = " ".join((self.name, self.short_name, self.trade_name))
        emails = [*self._own("emails", "address"), *self._own("contacts", "email")]
        phones = [*self._own("phones", "number"), *self._own("contacts", "phone")]
        keys = keys_of(names, self.document, emails, phones)
        keys.update(map(category_key, self.categories))
        keys.update(map(characteristic_key, self.characteristics))
        keys.update(related_key(relation["person_id"]) for relation in self.relations)
        return in_order({*keys, *self.aliases})

    def identities(self) -> list[str]:
        """The identities that a duplicate of this person would share, at most MAX_IDENTITIES."""
        found = identities_of(self.name, self._own("emails", "address"), self._own("phones", "number"))
        return found[:MAX_IDENTITIES]

    def held_keys(self) -> list[str]:
        """The identities that only one person of a company has: document and import key."""
        return [key for key in (self.document_key, self.source_key) if key]

    def holds(self, key: str) -> bool:
        """Whether it, or a person merged into it, has this document or import key."""
        return key in self.held_keys() or key in self.alias_identities

    def refuse_erased(self) -> None:
        """Raises Conflict("person_erased")."""
        if self.erased_at is not None:
            raise Conflict("person_erased", "Os dados desta pessoa foram eliminados a pedido dela.")

    def _own(self, name: str, key: str) -> list[str]:
        return [str(item[key]) for item in getattr(self, name) if item.get(key)]

    def _refuse_lost_contacts(self) -> None:
        known = {None, *(address["id"] for address in self.addresses)}
        if any(contact.get("address_id") not in known for contact in self.contacts):
            raise refused("address_unknown", "O endereço do contato não está no cadastro da pessoa.", "address_id")


def _basics(data: dict[str, Any], own: Collection[str], address: Item) -> dict[str, Any]:
    """The checked fields of BASICS; `address`: the main one, whose state is that of the state registration.

    A client who lives abroad has neither CPF nor CNPJ.
    """
    texts = {key: str(data.get(key) or "").strip() for key in ("name", "short_name", "trade_name", "document")}
    if not texts["name"]:
        raise refused("name_missing", "Informe o nome.", "name")
    categories = check_categories(data.get("categories") or [], own)
    registration = str(data.get("state_registration") or "").strip()
    if "client" in categories:
        # A natural person has no state registration, as a rule; a company without one says so.
        registration = registration or ("" if is_cnpj(_compact(texts["document"])) else EXEMPT)
        given = {**texts, "state_registration": registration}
        _refuse_incomplete_client(given, ("short_name",) if abroad(address) else tuple(_NEEDED_OF_A_CLIENT))
    document = normalise_document(texts["document"]) if texts["document"] else None
    state = data.get("state_registration_state") or (None if abroad(address) else address.get("state"))
    number = normalise_registration(registration, state) if registration else None
    return {
        **texts,
        "document": document,
        "categories": categories,
        "characteristics": check_characteristics(data.get("characteristics") or [], own),
        "state_registration": number,
        "state_registration_state": state if number and number != EXEMPT else None,
    }


_NEEDED_OF_A_CLIENT = {
    "short_name": "Um cliente precisa de nome curto.",
    "document": "Um cliente precisa de CPF ou CNPJ.",
    "state_registration": "Um cliente com CNPJ precisa de inscrição estadual, ou isento.",
}


def _refuse_incomplete_client(texts: dict[str, str], needed: Sequence[str]) -> None:
    fields = {key: [_NEEDED_OF_A_CLIENT[key]] for key in needed if not texts[key]}
    if fields:
        raise Invalid("client_incomplete", "O cadastro de cliente está incompleto.", fields=fields)


def _compact(document: str) -> str:
    return "".join(filter(str.isalnum, document))
