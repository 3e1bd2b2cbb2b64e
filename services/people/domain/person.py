"""A person of a company: what a registration must satisfy (rows P2 to P4).

Only the field libraries (python-stdnum, phonenumbers) may enter; no framework, no store, no clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from services.chassis.errors import Invalid
from services.people.domain.fields import normalise_document, normalise_phone
from services.people.domain.mains import Item, with_main_address, with_main_contact, with_one_main
from services.people.domain.search import keys_of

CATEGORIES = (
    "prospect",
    "client",
    "supplier",
    "carrier",
    "representative",
    "third_party",
    "employee",
    "dependent",
    "suspect",
)
ADDRESS_KINDS = ("main", "delivery", "billing", "other")


def _refuse_incomplete_client(short_name: str, document: str | None) -> None:
    fields: dict[str, list[str]] = {}
    if not short_name:
        fields["short_name"] = ["Um cliente precisa de nome curto."]
    if not document:
        fields["document"] = ["Um cliente precisa de CPF ou CNPJ."]
    if fields:
        raise Invalid("client_incomplete", "O cadastro de cliente está incompleto.", fields=fields)


def _known_categories(categories: Iterable[str]) -> list[str]:
    unique = list(dict.fromkeys(categories))
    if not unique or not set(unique) <= set(CATEGORIES):
        detail = "Informe ao menos uma categoria conhecida."
        raise Invalid("category_unknown", detail, fields={"categories": [detail]})
    return unique


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

    @classmethod
    def register(cls, id: str, code: int, data: dict[str, Any], now: dt.datetime) -> Person:
        """Row P2, from RegisterPerson's data; raises Invalid with the rule's code."""
        name, short_name = str(data.get("name") or "").strip(), str(data.get("short_name") or "").strip()
        if not name:
            raise Invalid("name_missing", "Informe o nome.", fields={"name": ["Informe o nome."]})
        categories = _known_categories(data.get("categories") or ["prospect"])
        document = str(data.get("document") or "").strip()
        if "client" in categories:
            _refuse_incomplete_client(short_name, document)
        phones = [{**phone, "number": normalise_phone(phone["number"])} for phone in data.get("phones") or []]
        return cls(
            id=id,
            code=code,
            name=name,
            short_name=short_name,
            document=normalise_document(document) if document else None,
            categories=categories,
            emails=with_one_main(data.get("emails") or [], "address", "emails"),
            phones=with_one_main(phones, "number", "phones"),
            addresses=with_main_address(data.get("addresses") or []),
            contacts=with_main_contact(data.get("contacts") or []),
            version=1,
            created_at=now,
            import_key=data.get("import_key") or None,
        )

    @property
    def document_key(self) -> str | None:
        """The search key of the document, by which its holder is found."""
        return self.document.lower() if self.document else None

    @property
    def source_key(self) -> str | None:
        """The search key of the import's own key, by which a second import finds this person."""
        return f"import:{self.import_key}" if self.import_key else None

    def announced(self) -> dict[str, Any]:
        """What other services are told: the data of person_registered and person_changed."""
        return {"person_id": self.id, "code": self.code, "name": self.name, "email": self.main_email}

    @property
    def main_email(self) -> str | None:
        return next((str(email["address"]) for email in self.emails if email["main"]), None)

    def add_address(self, data: Item) -> None:
        """Raises Invalid("main_repeated") when there is a main address already."""
        self.addresses = with_main_address([*self.addresses, data])

    def add_contact(self, data: Item) -> None:
        """Raises Invalid("main_repeated") when there is a main contact already."""
        self.contacts = with_main_contact([*self.contacts, data])

    def search_keys(self) -> list[str]:
        """Every key by which row P1 finds this person."""
        emails = [str(email["address"]) for email in self.emails]
        phones = [str(phone["number"]) for phone in self.phones]
        keys = keys_of(self.code, f"{self.name} {self.short_name}", self.document, emails, phones)
        return [*keys, self.source_key] if self.source_key else keys
