"""Lists of a person of which exactly one item is the main one.

No framework, store or clock may enter.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.chassis.errors import Invalid
from services.people.domain.fields import normalise_phone

Item = dict[str, Any]


def with_one_main(items: Iterable[Item], key: str, name: str) -> list[Item]:
    """Each `key` once, exactly one marked main (the first when none is); raises Invalid("main_repeated")."""
    merged: dict[str, Item] = {}
    for item in items:
        known = merged.setdefault(str(item[key]).casefold(), {**item, "main": False})
        known["main"] = known["main"] or bool(item.get("main"))
    unique = list(merged.values())
    _refuse_two_mains([item for item in unique if item["main"]], name)
    if unique and not any(item["main"] for item in unique):
        unique[0]["main"] = True
    return unique


def with_main_address(addresses: Iterable[Item]) -> list[Item]:
    """Exactly one address of kind main (the first when none is); raises Invalid("main_repeated")."""
    listed = [{**address, "kind": address.get("kind", "main")} for address in addresses]
    mains = [address for address in listed if address["kind"] == "main"]
    _refuse_two_mains(mains, "addresses")
    if listed and not mains:
        listed[0]["kind"] = "main"
    return listed


def with_main_contact(contacts: Iterable[Item]) -> list[Item]:
    """Exactly one main contact; two contacts may have the same name."""
    listed = [_contact(contact) for contact in contacts]
    mains = [contact for contact in listed if contact["main"]]
    _refuse_two_mains(mains, "contacts")
    if listed and not mains:
        listed[0]["main"] = True
    return listed


def _contact(data: Item) -> Item:
    phone = data.get("phone")
    return {**data, "phone": normalise_phone(phone) if phone else None, "main": bool(data.get("main"))}


_NAMES = {"emails": "e-mail", "phones": "telefone", "addresses": "endereço", "contacts": "contato"}


def _refuse_two_mains(mains: list[Item], name: str) -> None:
    if len(mains) > 1:
        detail = f"Só um {_NAMES[name]} pode ser o principal."
        raise Invalid("main_repeated", detail, fields={name: [detail]})
