"""The addresses of a row: each group of columns is one address, and a cell may hold several parts of it.

No framework, no store, no clock.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.chassis.texts import fold
from services.people.imports.model.cells import is_date, postal_code_of
from services.people.imports.model.columns import title_of
from services.people.imports.model.layouts import LINE, MAIN
from services.people.imports.model.reading import Filled, Reading
from services.people.imports.model.row_lists import exported
from services.people.imports.model.states import state_code
from services.people.persons.model.lists import OTHER, Item
from services.people.persons.model.places import BRAZIL as BRAZILIAN
from services.people.persons.model.places import COUNTRIES, STATES

ADDRESS = "Endereço"
BRAZIL = {"brasil", "brazil", "br", "bra"}
CITY_AND_STATE = re.compile(r"(.+?)\s*[/(,-]\s*([A-Za-z]{2})\s*\)?")
WRITTEN_OUT = re.compile(
    r"(?P<street>.+?)\s*[,;-]\s*(?P<city>[^\d,;/-]+?)\s*[,/-]\s*(?P<state>[A-Za-z]{2})"
    r"(?:[\s,;-]+(?:CEP:?\s*)?(?P<postal_code>\d{5}-?\d{3}))?(?:[\s,;-]+bra[sz]il)?",
    re.IGNORECASE,
)
NEEDED = {"street": "o logradouro", "city": "a cidade", "state": "a UF"}


def addresses(reading: Reading, filled: Sequence[Filled]) -> None:
    """Sets the addresses of the row; one that lacks its street, city or state is left out, with a note."""
    groups: dict[str, dict[str, str]] = {}
    kinds: dict[str, str] = {}
    for one in filled:
        if one.place is not None:
            parts = groups.setdefault(one.place.group, {})
            kinds.setdefault(one.place.group, one.place.kind)
            part = one.place.part
            if part == LINE:
                part = "complement" if "street" in parts else "street"
            parts[part] = f"{parts[part]}, {one.text}" if part in parts else one.text
    found: list[Item] = []
    for number, (group, parts) in enumerate(groups.items()):
        address = _address(reading, parts)
        if number == 0:
            reading.main_address = {part: text for part, text in address.items() if text}
        if _whole(reading, parts, address, first=number == 0) and address not in [
            {**other, "kind": ""} for other in found
        ]:
            found.append({**address, "kind": kinds[group]})
    others = exported(reading, filled, "other_addresses")
    reading.given.update(["other_addresses"] if others else [])
    found += others
    reading.data["addresses"] = _one_main(found)
    reading.given.update(["addresses"] if found or reading.main_address else [])


def _address(reading: Reading, parts: dict[str, str]) -> dict[str, str]:
    """The parts of an address as they are stored; values that a spreadsheet spoiled are left out."""
    given = {part: text for part, text in parts.items() if part not in ("country", "formatted")}
    country = parts.get("country", "").strip().upper()
    if country in COUNTRIES and country != BRAZILIAN:  # of an export of ours: nothing of it is Brazilian
        return {**given, "country": country, "kind": ""}
    if reading.id is None:  # address books keep several lines in one
        given = {part: re.sub(r"\s*[\r\n]+\s*", " ", text) for part, text in given.items()}
    _part_texts(given, parts.get("formatted", ""))
    if given.get("postal_code"):
        given["postal_code"] = postal_code_of(given["postal_code"]) or ""
        if not given["postal_code"]:
            reading.leave(title_of("address.postal_code"), "não é um CEP", "addresses")
    for part in ("number", "complement"):
        if is_date(given.get(part, "")):
            given[part] = ""
            reading.leave(title_of(f"address.{part}"), "parece uma data que a planilha criou", "addresses")
    return {**given, "kind": ""}


def _part_texts(given: dict[str, str], formatted: str) -> None:
    """Splits city and state that are in one text, or in one text with the street; changes `given` in place."""
    either = given.pop("city_state", "")
    if either and not given.get("state") and _state(either) == either.upper():
        given["state"] = either
    elif either and not given.get("city"):
        given["city"] = either
    if not given.get("state"):
        written_out = _parsed(given.get("street") or formatted)
        if fold(given.get("city", "")) in ("", fold(written_out.get("city", ""))):
            given.update(written_out)
    both = CITY_AND_STATE.fullmatch(given.get("city", ""))
    given["state"] = _state(given.get("state", ""))
    if both and both[2].upper() in STATES and given["state"] in ("", both[2].upper()):
        given["city"], given["state"] = both[1], both[2].upper()


def _parsed(text: str) -> dict[str, str]:
    """A whole address in one cell, from its end: postal code, state, city, and the street with all that is left."""
    match = WRITTEN_OUT.fullmatch(re.sub(r"\s*[\r\n]+\s*", ", ", text.strip()))
    if not match or match["state"].upper() not in STATES:
        return {}
    return {part: text.strip() for part, text in match.groupdict().items() if text}


def _state(text: str) -> str:
    """ "SP - São Paulo" is SP, too; what is unknown is no state."""
    code = state_code(text)
    if code in STATES:
        return code
    return next((word for word in re.findall(r"\b[A-Z]{2}\b", text) if word in STATES), "")


def _whole(reading: Reading, parts: dict[str, str], address: dict[str, str], first: bool) -> bool:
    abroad = "country" in address
    if not abroad and fold(parts.get("country", "brasil")) not in BRAZIL and address["state"] == "":
        reading.leave(ADDRESS, "fora do Brasil", "addresses")
        return False
    needed = {part: words for part, words in NEEDED.items() if not (abroad and part == "state")}
    lacking = [words for part, words in needed.items() if not address.get(part)]
    if lacking and set(parts) - {"country"}:
        reading.leave(ADDRESS, f"falta {_listed(lacking)}", new=first)
    return not lacking


def _listed(words: Sequence[str]) -> str:
    return " e ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _one_main(found: Sequence[Item]) -> list[Item]:
    """The addresses with only the first of kind main left as that kind."""
    result: list[Item] = []
    for item in found:
        again = item.get("kind", MAIN) == MAIN and any(one.get("kind") == MAIN for one in result)
        result.append({**item, "kind": OTHER} if again else item)
    return result
