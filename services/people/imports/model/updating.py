"""Updates an existing person from a row (`existing=update`), and collects the titles of changed fields for the report.

A value of the row replaces the person's; a missing column and an empty cell change nothing. A row of our own export has
its lists as a whole, so items that it lacks are removed; a row of another program adds items, and its main ones become
the main ones. No framework, no store, no clock.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from services.chassis.errors import Conflict, Invalid
from services.chassis.spreadsheets import transliterate
from services.people.imports.model.columns import title_of
from services.people.imports.model.header_words import fold_header
from services.people.imports.model.reading import Reading
from services.people.persons.model.lists import LISTS, MAIN, Item
from services.people.persons.model.person import Person

CLIENT = "client"
TEXTS = ("name", "short_name", "trade_name", "document", "state_registration")
PARTS = ("street", "number", "complement", "district", "city", "state", "postal_code")
# A change of one of these makes another address, so the old values of other parts are not kept.
PLACE = ("street", "city", "state")


@dataclass(frozen=True)
class Changed:
    """The updated person; `told`: pt-BR titles of changed fields; `left_out`: notes on values that were not taken."""

    person: Person
    told: list[str]
    left_out: list[str]


def updated(person: Person, draft: Person, reading: Reading, usable: Collection[str], own: bool) -> Changed:
    """The person as the row wants it; raises Invalid, Conflict with the rule's code.

    `draft` is the row as a person of its own; `usable` are the categories and characteristics that may be given;
    `own`: the row is what an export said of this very person.
    """
    change = _Change(deepcopy(person), draft, reading, own)
    change.texts(usable)
    change.reached("emails")
    change.reached("phones")
    change.main_address()
    change.others("addresses")
    change.others("contacts")
    return Changed(change.person, change.told, change.left_out)


class _Change:
    def __init__(self, person: Person, draft: Person, reading: Reading, own: bool) -> None:
        self.person, self._draft, self._reading, self._own = person, draft, reading, own
        self.told: list[str] = []
        self.left_out: list[str] = []

    def _says(self, field: str) -> bool:
        return field in self._reading.given

    def _whole(self, field: str) -> bool:
        """Whether the row has the whole list, so that items it lacks are removed."""
        return self._own and field not in self._reading.partial

    def texts(self, usable: Collection[str]) -> None:
        new: dict[str, Any] = {field: getattr(self._draft, field) for field in TEXTS if self._is_new(field)}
        for field in ("categories", "characteristics"):
            if self._says(field):
                wanted, has = self._reading.data[field], getattr(self.person, field)
                kept = [one for one in has if one in wanted or not self._whole(field)]
                known = [one for one in wanted if one not in has and one in usable]
                if set(wanted) - {*has, *known}:
                    self._leave(title_of(field), "um nome fora de uso")
                if kept + known not in (has, []):
                    new[field] = [*kept, *known]
        if not new:
            return
        if "state_registration" in new:
            new["state_registration_state"] = self._draft.state_registration_state
        new = self._changed(new, usable)
        self.told += [title_of(field) for field in new if field != "state_registration_state"]

    def _changed(self, new: dict[str, Any], usable: Collection[str]) -> dict[str, Any]:
        """Changes the person; returns the changes made. A person who lacks what a client needs does not become one."""
        try:
            self.person.change(new, own=usable)
        except Invalid as refusal:
            if refusal.code != "client_incomplete" or CLIENT in self.person.categories:
                raise
            self._leave(title_of("categories"), "falta o que um cliente precisa ter")
            others = [one for one in new["categories"] if one != CLIENT]
            kept = {field: value for field, value in new.items() if field != "categories"}
            new = {**kept, "categories": others} if others not in ([], self.person.categories) else kept
            self.person.change(new, own=usable)
        return new

    def _leave(self, title: str, why: str) -> None:
        self.left_out.append(f"{title}: {why}.")

    def _is_new(self, field: str) -> bool:
        new, old = getattr(self._draft, field), getattr(self.person, field)
        if not self._says(field) or not new or _same_text(str(new), str(old or "")):
            return False
        if not self._own and field in ("name", "short_name", "trade_name") and old:
            return field not in self._reading.derived and fold_header(new) != fold_header(old)
        return True

    def reached(self, name: str) -> None:
        """Updates e-mails or phones; the report says how many were added and removed."""
        if not self._says(name):
            return
        kind, wanted = LISTS[name], getattr(self._draft, name)
        has = list(getattr(self.person, name))
        gone = [item for item in has if self._whole(name) and not any(kind.same(item, other) for other in wanted)]
        fresh = [item for item in wanted if not any(kind.same(item, other) for other in has)]
        room = max(kind.limit - len(has) + len(gone), 0)
        if len(fresh) > room:
            self._leave(LIST_TITLES[name], f"só cabem {kind.limit}")
        fresh = fresh[:room]
        main_before = _main_of(has)
        for item in gone:
            self.person.remove_item(name, item["id"])
        for item in fresh:
            self.person.add_item(name, {**_content_of(item), MAIN: False})
        self._make_main(name)
        main_now = _main_of(getattr(self.person, name))
        other_main = bool(main_before and main_now) and not kind.same(main_before, main_now)  # type: ignore[arg-type]
        self._tell(LIST_TITLES[name], came=len(fresh), gone=len(gone), main=other_main)

    def _make_main(self, name: str) -> None:
        kind, main = LISTS[name], _main_of(getattr(self._draft, name))
        now = [item for item in getattr(self.person, name) if main and kind.same(item, main)]
        for item in now[:1]:
            if not item[MAIN]:
                self.person.edit_item(name, item["id"], {MAIN: True})

    def main_address(self) -> None:
        """Updates the parts of the main address that the row has."""
        says, old = self._reading.main_address, _main_of(self.person.addresses)
        if not says or (old is None and not self._draft.addresses):
            return
        if old is None:
            self.person.add_item("addresses", _content_of(self._draft.addresses[0]))
            self.told.append("Endereço")
            return
        if not self._own and not set(PLACE) <= set(says):
            return
        moved = any(fold_header(str(old.get(part) or "")) != fold_header(says[part]) for part in PLACE if part in says)
        others = {} if self._own or not moved else dict.fromkeys(PARTS, "")
        parts = {**others, **{part: text for part, text in says.items() if part in PARTS}}
        new = {part: text for part, text in parts.items() if not _same_text(text, str(old.get(part) or ""))}
        if new:
            self.person.edit_item("addresses", old["id"], new)
            self.told += [title_of(f"address.{part}") for part in PARTS if part in new]

    def others(self, name: str) -> None:
        """Updates further addresses, or contacts."""
        if not self._says(name):
            return
        wanted = [item for item in getattr(self._draft, name) if name == "contacts" or not item[MAIN]]
        has = [item for item in getattr(self.person, name) if name == "contacts" or not item[MAIN]]
        column = "other_addresses" if name == "addresses" else name
        whole = self._whole(name) and column in self._reading.given
        fresh = [item for item in wanted if not any(_alike(item, other) for other in has)]
        gone = [item for item in has if whole and not any(_alike(other, item) for other in wanted)]
        came = changed = left = 0
        for item in fresh:
            same = next((one for one in gone or has if name == "contacts" and _same_contact(one, item)), None)
            if same is not None:
                self._change_item(name, same["id"], item)
                gone, changed = [one for one in gone if one is not same], changed + 1
            elif len(getattr(self.person, name)) < LISTS[name].limit:
                self.person.add_item(name, {**_content_of(item), MAIN: False})
                came += 1
            else:
                self._leave(LIST_TITLES[name], f"só cabem {LISTS[name].limit}")
        for item in gone:
            left += self._remove(name, item)
        self._tell(LIST_TITLES[name], came=came, gone=left, changed=changed)

    def _change_item(self, name: str, item_id: str, item: Item) -> None:
        """Changes the filled fields of an item; a contact's address, and which item is the main one, stay."""
        filled = {key: value for key, value in _content_of(item).items() if value and key != MAIN}
        self.person.edit_item(name, item_id, filled)

    def _remove(self, name: str, item: Item) -> bool:
        """Removes an item; an address with contacts stays. Returns whether it was removed."""
        try:
            self.person.remove_item(name, item["id"])
        except Conflict:
            self._leave(LIST_TITLES[name], "um endereço com contatos não foi retirado")
            return False
        return True

    def _tell(self, title: str, came: int = 0, gone: int = 0, changed: int = 0, main: bool = False) -> None:
        counts = ((came, "acrescentado"), (changed, "alterado"), (gone, "retirado"))
        said = [*(f"{count} {words}" for count, words in counts if count), *(["outro principal"] if main else [])]
        if said:
            self.told.append(f"{title} ({', '.join(said)})")


LIST_TITLES = {"emails": "E-mails", "phones": "Telefones", "addresses": "Outros endereços", "contacts": "Contatos"}


def _main_of(items: list[Item]) -> Item | None:
    return next((item for item in items if item[MAIN]), None)


def _content_of(item: Item) -> Item:
    return {key: value for key, value in item.items() if key not in ("id", "address_id")}


def _alike(told: Item, held: Item) -> bool:
    """Whether an item of a row has the content of one of the person, as far as this version knows it.

    An export does not hold a contact's rank and address.
    """
    return _words(told) == _words({name: value for name, value in held.items() if name in told})


def _words(item: Item) -> dict[str, str]:
    kept = {key: value for key, value in item.items() if key not in ("id", "address_id", MAIN, "city_code") and value}
    return {key: transliterate(str(value)).casefold() for key, value in kept.items()}


def _same_contact(one: Item, other: Item) -> bool:
    return fold_header(one["name"]) == fold_header(other["name"])


def _same_text(new: str, old: str) -> bool:
    """Whether `new` is the old text as a spreadsheet or a Windows-1252 file changes it."""
    return new in (old, transliterate(old)) or _zeros_lost(new, old)


def _zeros_lost(new: str, old: str) -> bool:
    """ "7" is the "007" that a spreadsheet took the zeros of; punctuation of numbers says nothing."""
    digits, known = re.sub(r"[.\s-]", "", new), re.sub(r"[.\s-]", "", old)
    return (
        digits.isdecimal()
        and known.isdecimal()
        and known.lstrip("0") == digits.lstrip("0")
        and len(digits) <= len(known)
    )
