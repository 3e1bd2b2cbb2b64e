"""The lists of a row: e-mails, phones, addresses, contacts. The first of each is the main one, the others follow.

No framework, no store, no clock.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from services.chassis.phones import read_phone
from services.people.imports.model.cells import DigitsLost, emails_of
from services.people.imports.model.columns import title_of
from services.people.imports.model.layouts import MAIN
from services.people.imports.model.phone_cells import phones_of
from services.people.imports.model.reading import Filled, Reading
from services.people.imports.model.row_texts import LOST
from services.people.persons.model.lists import LISTS

LONGEST_CONTACT = 150
# More than any list holds, so that the row's report says that some were left out.
MOST_LISTED = 200

Item = dict[str, Any]


def reach(reading: Reading, filled: Sequence[Filled]) -> None:
    """Sets e-mails and phones; the main one is that with Google's star in its label, else the first."""
    found: dict[str, list[tuple[str, bool]]] = {"emails": [], "phones": []}
    star, area = False, ""
    for one in filled:
        if one.field in ("email_mark", "phone_mark"):
            star = one.text.startswith("*")
        elif one.field == "area_code":
            area = _area(reading, one)
            found["phones"] += [(number, False) for number in _whole_phones(one.text)]
        elif one.field == "phone_extension":
            found["phones"][-1:] = _extended(reading, one, found["phones"][-1:])
        elif (kind := _reaching(one)) is not None:
            values = _emails(reading, one) if kind == "emails" else _phones(reading, one, area)
            found[kind] += [(value, star and index == 0) for index, value in enumerate(values)]
            star, area = False, ""
    reading.data["emails"] = _ranked(reading, "emails", "address", found["emails"])
    reading.data["phones"] = _ranked(reading, "phones", "number", found["phones"])


def _reaching(one: Filled) -> str | None:
    """Whether the cell holds e-mails or phones: a column of contacts may, beside names."""
    if one.field in ("emails", "phones"):
        return one.field
    if one.field != "contacts" or _json(one.text) is not None:
        return None
    return "emails" if "@" in one.text else ("phones" if read_phone(one.text) else None)


def _emails(reading: Reading, one: Filled) -> list[str]:
    values, bad = emails_of(one.text)
    if bad:
        reading.leave(one.title, "não é um e-mail válido", "emails")
    return values


def _phones(reading: Reading, one: Filled, area: str) -> list[str]:
    try:
        found = phones_of(one.text, area)
    except DigitsLost:
        reading.leave(one.title, LOST, "phones")
        return []
    if found.bad:
        reading.leave(one.title, "não é um telefone com DDD e número", "phones")
    if found.labels:
        reading.leave(one.title, "um texto ao lado do número")
    return found.numbers


def _area(reading: Reading, one: Filled) -> str:
    digits = re.sub(r"\D", "", one.text).lstrip("0")
    if len(digits) != len("11") and not _whole_phones(one.text):
        reading.leave(one.title, "não é um DDD", "phones")
        return ""
    return digits[:2]


def _whole_phones(text: str) -> list[str]:
    """The number in a column called DDD (area code), where it holds a whole phone."""
    return [text] if read_phone(text) else []


def _extended(reading: Reading, one: Filled, last: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    for number, star in last:
        plain, written = read_phone(number), f"{number} ramal {one.text}"
        if plain and not plain.extension and read_phone(written):
            return [(written, star)]
    reading.leave(one.title, "ramal sem telefone, ou que não é um número", "phones")
    return last


def _ranked(reading: Reading, field: str, key: str, values: Iterable[tuple[str, bool]]) -> list[Item]:
    """Each value once; the first starred one, else the first, is the main one."""
    unique: dict[str, bool] = {}
    for value, star in values:
        unique[value] = unique.get(value, False) or star
    kept = list(unique)[: LISTS[field].limit]
    if len(unique) > len(kept):
        reading.leave(title_of(field), f"só os primeiros {len(kept)} foram guardados", field)
    chosen = next((value for value in kept if unique[value]), next(iter(kept), None))
    reading.given.update([field] if kept else [])
    return [{key: value, MAIN: value == chosen} for value in kept]


def contacts(reading: Reading, filled: Sequence[Filled]) -> None:
    """Sets the contacts: those of our own export, and names that other programs write into such a column."""
    found = exported(reading, filled, "contacts")
    reading.data["contacts"] = found
    reading.given.update(["contacts"] if found else [])


def exported(reading: Reading, filled: Sequence[Filled], field: str) -> list[Item]:
    """The items that our export wrote as JSON into one cell; in a column of contacts also plain names."""
    found: list[Item] = []
    for text in (one.text for one in filled if one.field == field and _reaching(one) is None):
        listed = _json(text)
        if listed is not None:
            found += listed
        elif field == "contacts" and len(text) <= LONGEST_CONTACT:
            found += [{"name": name} for name in dict.fromkeys(filter(None, map(str.strip, re.split("[;\n]", text))))]
        else:
            reading.leave(title_of(field), "um texto que não foi escrito por uma exportação", _list_of(field))
    return found[:MOST_LISTED]


def _json(text: str) -> list[Item] | None:
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return listed if isinstance(listed, list) and all(isinstance(item, dict) for item in listed) else None


def _list_of(field: str) -> str:
    return "addresses" if field == "other_addresses" else field
