"""The lists of a person (e-mails, phones, addresses, contacts): numbered items, exactly one of them the main one.

No framework, store or clock may enter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from services.chassis.errors import Conflict, NotFound
from services.people.persons.model.places import with_place
from services.people.shared.fields import normalise_phone, refused

Item = dict[str, Any]
MAIN = "main"
# The kind that the main address gets when another one becomes the main one.
OTHER = "other"


def _as_given(_: Item, data: Item) -> Item:
    return data


@dataclass(frozen=True)
class ListKind:
    """The rules of one list. `identity`: no two items are the same in all these fields. `group`: a field; among the
    items with the same value of it one is the main one.

    `prepare` checks and completes an item. `edit` gets an item and its changes, and adds the changes that follow.
    """

    name: str
    noun: str
    label: str
    limit: int
    prepare: Callable[[Item], Item]
    identity: tuple[str, ...] = ()
    group: str = ""
    edit: Callable[[Item, Item], Item] = _as_given

    def refuse_two_mains(self, items: Iterable[Item]) -> None:
        groups = [item.get(self.group) for item in items if item[MAIN]]
        if len(groups) != len(set(groups)):
            raise refused("main_repeated", f"Só um {self.label} pode ser o principal.", self.name)

    def same(self, one: Item, other: Item) -> bool:
        return bool(self.identity) and self._identity(one) == self._identity(other)

    def _identity(self, item: Item) -> tuple[str, ...]:
        return tuple(str(item.get(name) or "").casefold() for name in self.identity)


def _email(data: Item) -> Item:
    return {**data, MAIN: bool(data.get(MAIN))}


def _phone(data: Item) -> Item:
    """A phone in E.164; its extension is given in its own field or behind the number."""
    number, extension = _normalise(data["number"], data.get("extension"))
    return {**data, "number": number, "extension": extension, MAIN: bool(data.get(MAIN))}


def _phone_edit(old: Item, data: Item) -> Item:
    return _with_extension(old, data, "number", "extension")


def _with_extension(old: Item, data: Item, number: str, extension: str) -> Item:
    """A new number does not keep the old number's extension; the same number does."""
    if not data.get(number) or extension in data:
        return data
    phone = normalise_phone(data[number])
    kept = phone.number == old.get(number) and not phone.extension
    return data if kept else {extension: phone.extension, **data}


def _normalise(text: str, extension: str | None) -> tuple[str, str]:
    """The number in E.164 and the extension; raises Invalid: phone_invalid, extension_repeated (two extensions)."""
    phone = normalise_phone(text)
    if phone.extension and extension and phone.extension != extension:
        raise refused("extension_repeated", "O telefone tem dois ramais: informe um só.", "extension")
    return phone.number, phone.extension or extension or ""


def _address(data: Item) -> Item:
    kind = data.get("kind", MAIN)
    return {**with_place(data), "kind": kind, MAIN: kind == MAIN}


def _address_edit(_: Item, data: Item) -> Item:
    """A new city removes the old IBGE code, and a new code the old city's name."""
    if "city" in data or "state" in data or "country" in data:
        return {"city_code": None, **data}
    return {"city": "", **data} if data.get("city_code") else data


def _contact(data: Item) -> Item:
    given = data.get("phone")
    phone, extension = _normalise(given, data.get("phone_extension")) if given else (None, "")
    return {
        "address_id": None,
        "kind": OTHER,
        **data,
        "phone": phone,
        "phone_extension": extension,
        MAIN: bool(data.get(MAIN)),
    }


def _contact_edit(old: Item, data: Item) -> Item:
    return _with_extension(old, data, "phone", "phone_extension")


LISTS = {
    "emails": ListKind("emails", "email", "e-mail", 20, _email, identity=("address",)),
    "phones": ListKind("phones", "phone", "telefone", 20, _phone, identity=("number", "extension"), edit=_phone_edit),
    "addresses": ListKind("addresses", "address", "endereço", 20, _address, edit=_address_edit),
    "contacts": ListKind("contacts", "contact", "contato", 50, _contact, group="address_id", edit=_contact_edit),
}


def number_items(kind: ListKind, items: Iterable[Item], first: int) -> list[Item]:
    """The items of a registration, numbered from `first`, each once, one main; raises Invalid("main_repeated")."""
    unique: list[Item] = []
    for item in map(kind.prepare, items):
        known = next((other for other in unique if kind.same(item, other)), None)
        if known:
            known[MAIN] = known[MAIN] or item[MAIN]
        else:
            unique.append(item)
    kind.refuse_two_mains(unique)
    return rank(kind, [{**item, "id": str(first + n)} for n, item in enumerate(unique)])


def add_item(kind: ListKind, items: list[Item], data: Item, number: int) -> list[Item]:
    """`items` with a new one; raises Conflict: <noun>_exists, <name>_full; Invalid("main_repeated")."""
    item = {**kind.prepare(data), "id": str(number)}
    if len(items) >= kind.limit:
        raise Conflict(f"{kind.name}_full", f"Uma pessoa tem no máximo {kind.limit} itens desta lista ({kind.label}).")
    _refuse_double(kind, items, item)
    kind.refuse_two_mains([*items, item])
    return rank(kind, [*items, item])


def edit_item(kind: ListKind, items: list[Item], item_id: str, data: Item) -> list[Item]:
    """`items` with one changed. An item made the main one replaces the old main one.

    Raises Invalid("main_missing") where no main one is left, NotFound("<noun>_not_found"), Conflict("<noun>_exists").
    """
    old = item_of(kind, items, item_id)
    item = {**kind.prepare({**old, **kind.edit(old, data)}), "id": item_id}
    others = [other for other in items if other["id"] != item_id]
    _refuse_double(kind, others, item)
    if item[MAIN]:
        others = [_demote(kind, other) if _together(kind, other, item) else other for other in others]
    elif old[MAIN] and _together(kind, old, item):
        raise refused("main_missing", f"Um {kind.label} precisa ser o principal: escolha outro.", kind.name)
    by_id = {other["id"]: other for other in [*others, item]}
    return rank(kind, [by_id[known["id"]] for known in items])


def remove_item(kind: ListKind, items: list[Item], item_id: str) -> list[Item]:
    """`items` without one; where it was the main one, the first of the others becomes the main one.

    Raises NotFound("<noun>_not_found").
    """
    item_of(kind, items, item_id)
    return rank(kind, [item for item in items if item["id"] != item_id])


def item_of(kind: ListKind, items: list[Item], item_id: str) -> Item:
    """The item of this id; raises NotFound("<noun>_not_found")."""
    item = next((item for item in items if item["id"] == item_id), None)
    if item is None:
        raise NotFound(f"{kind.noun}_not_found", f"Este {kind.label} não está no cadastro da pessoa.")
    return item


def main_of(items: Iterable[Item]) -> Item | None:
    return next((item for item in items if item[MAIN]), None)


def _refuse_double(kind: ListKind, items: Iterable[Item], item: Item) -> None:
    if any(kind.same(item, other) for other in items):
        raise Conflict(f"{kind.noun}_exists", f"Este {kind.label} já está no cadastro da pessoa.")


def rank(kind: ListKind, items: list[Item]) -> list[Item]:
    """`items` with the first of each group as its main one where the group has none."""
    have = {item.get(kind.group) for item in items if item[MAIN]}
    result = []
    for item in items:
        group = item.get(kind.group)
        result.append(item if group in have else _promote(kind, item))
        have.add(group)
    return result


def _promote(kind: ListKind, item: Item) -> Item:
    return {**item, MAIN: True, **({"kind": MAIN} if kind.name == "addresses" else {})}


def _demote(kind: ListKind, item: Item) -> Item:
    was_main_address = kind.name == "addresses" and item["kind"] == MAIN
    return {**item, MAIN: False, **({"kind": OTHER} if was_main_address else {})}


def _together(kind: ListKind, one: Item, other: Item) -> bool:
    return one.get(kind.group) == other.get(kind.group)
