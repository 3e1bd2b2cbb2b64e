"""Reads the header of a file: its layout, the field of each column, and the address that each part belongs to.

No framework, no store, no clock.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from services.people.imports.model.columns import FIELDS, NAME_FIELDS, find_column
from services.people.imports.model.header_words import PARTY, fold_header

# `contacts`: first and last names in columns of their own, as programs for salespeople write them
GOOGLE, OUTLOOK, CONTACTS, GENERIC = "google", "outlook", "contacts", "generic"
MAIN = "main"

# Words that distinguish a file's addresses -> the group of columns, and the kind of a person's address.
QUALIFIERS = {
    **dict.fromkeys(("entrega", "delivery", "shipping"), ("delivery", "delivery")),
    **dict.fromkeys(("cobranca", "faturamento", "billing"), ("billing", "billing")),
    **dict.fromkeys(("correspondencia", "mailing"), ("correspondence", "correspondence")),
    **dict.fromkeys(("comercial", "business", "trabalho", "work"), ("business", MAIN)),
    **dict.fromkeys(("residencial", "home", "particular", "pessoal"), ("home", MAIN)),
    **dict.fromkeys(("outro", "outra", "other"), ("other", MAIN)),
    **dict.fromkeys(("principal", "main", "primary"), ("", MAIN)),
}
FILLERS = {*"eo", "de", "da", "do", "das", "dos", "ou", "para", *PARTY.split()}
STATE = "uf|estado|est|state|region|province|provincia|sigla"
PARTS = {
    "street": (
        "endereco( completo)?|logradouro( nome)?|(nome )?rua( avenida)?|rua numero|street( address| name)?|avenida|"
        "address( line)?|end|linha"
    ),
    "number": "numero|number|no|n|num|nr|nro|street number|numero (casa|imovel)",
    "complement": "complemento|complement|compl|extended address",
    "district": "bairro|district|neighbou?rhood",
    "city": "(nome )?(cidade|municipio)( nome| municipio| cidade)?|city|town|cid",
    "city_state": f"(cidade|municipio|city) ({STATE})|({STATE}) (cidade|municipio|city)",
    "state": f"({STATE})( ({STATE}|regiao))*",
    "postal_code": "(cep|postal code|zip( code)?|codigo postal|post ?code)( (postal code|zip|codigo postal|cep))*",
    "country": "pais( regiao)?|country( region)?",
    "formatted": "formatted",
}
NAMES_OF_ADDRESSES = ("endereco", "address", "end")
# Groups in which a second street column is a further line of the same address, and not a second address.
LINES = ("business", "home", "other")


@dataclass(frozen=True)
class AddressPart:
    """A part of an address: columns of one `group` make one address; `kind` is the kind of a person's address."""

    part: str
    group: str
    kind: str


# Beside a column of names, such a column is a yes or no ("Cliente"), or natural or legal person ("Pessoa").
FLAG = re.compile(r"(cliente|fornecedor|pessoa|customer|client)s?")


def recognise(header: Sequence[str]) -> tuple[str, list[str | None]]:
    """The layout's name and each column's field, None where no field is known; a single field is given once.

    A second name is another name of the person.
    """
    folded = [fold_header(name) for name in header]
    meant = [field_of(name) for name in folded]
    named = {name for found, name in zip(meant, folded, strict=True) if found in ("name", "first_name")}
    flags = {name for name in named if FLAG.fullmatch(name)}
    fields: list[str | None] = []
    for found, name in zip(meant, folded, strict=True):
        if name in flags and flags < named:
            found = None
        if found and not FIELDS[found].several and found in fields:
            found = "other_name" if found == "name" else None
        fields.append(found)
    if "last_name" in fields and "nome" in folded and "first_name" not in fields:
        fields[folded.index("nome")] = "first_name"  # Outlook in Portuguese
    if not NAME_FIELDS & set(fields) and "contacts" in fields:  # a list of contacts names nobody else
        fields[fields.index("contacts")] = "name"
    return _layout(folded, fields), fields


@lru_cache(1000)
def field_of(folded: str) -> str | None:
    """The field of a folded header."""
    column = find_column(folded)
    if column is None and (part := address_part(folded)) is not None:
        return f"address.{part.part}"
    return column.field if column else None


def known_columns(cells: Sequence[str]) -> int:
    """How many of a record's cells are headers of different fields."""
    return len({field_of(fold_header(cell)) for cell in cells if len(cell) < 80} - {None})


def address_part(folded: str) -> AddressPart | None:
    """The part of an address that a folded header names; None for none."""
    numbered = re.fullmatch(r"address (\d+) (.+)", folded)  # Google's
    if numbered:
        part = _part(numbered[2])
        return AddressPart(part, numbered[1], MAIN) if part else None
    words = folded.split()
    number = words.pop() if len(words) > 1 and words[-1].isdecimal() else ""
    qualifier = next((QUALIFIERS[word] for word in words if word in QUALIFIERS), ("", MAIN))
    rest = [word for word in words if word not in QUALIFIERS and word not in FILLERS]
    named = [word for word in rest if word not in NAMES_OF_ADDRESSES]
    part = _part(" ".join(named)) or _part(" ".join(rest))
    others = named == rest and (qualifier[0] in LINES or bool(set(words) & set(PARTY.split())))
    if part is None or (part == "number" and others):  # "número comercial" is a phone, "número do cliente" a code
        return None
    if part == "street" and number and qualifier[0] in LINES:
        return AddressPart("complement", *qualifier)
    return AddressPart(part, f"{qualifier[0]}{number}", qualifier[1])


def _part(text: str) -> str | None:
    return next((part for part, pattern in PARTS.items() if re.fullmatch(pattern, text)), None)


def places(header: Sequence[str], fields: Sequence[str | None]) -> Iterator[AddressPart | None]:
    """The address part of each column; a part that is repeated under the same words belongs to a further address."""
    found = list(_named_places(header, fields))
    whole = {place.group for place in found if place and place.part not in STREET_ONLY}
    for place in found:
        yield place if place is None or place.group in whole else _further_line(place, found)


# a further line of the street: its complement, or where the first one is empty, the street
LINE = "line"
STREET_ONLY = ("street", "complement", LINE)


def _named_places(header: Sequence[str], fields: Sequence[str | None]) -> Iterator[AddressPart | None]:
    seen: Counter[tuple[str, str]] = Counter()
    streets = {named.group for title in header if STREET.search(fold_header(title)) and (named := _named(title))}
    for title, name in zip(header, fields, strict=True):
        if not (name or "").startswith("address."):
            yield None
            continue
        part = str(name).partition(".")[2]
        named = _named(title)
        group, kind = (named.group, named.kind) if named else ("", MAIN)
        if part == "street" and group in streets and not STREET.search(fold_header(title)):
            part = "formatted"  # "endereço residencial" beside "rua residencial" is the whole address
        further_line = part == "complement" and "compl" not in fold_header(title)
        again = 0 if further_line else seen[group, part]
        seen[group, part] += not further_line
        yield AddressPart(LINE if further_line else part, f"{group}#{again}" if again else group, kind)


def _named(title: str) -> AddressPart | None:
    return address_part(fold_header(title))


STREET = re.compile(r"\b(rua|logradouro|street|avenida)\b")


def _further_line(place: AddressPart, places: Sequence[AddressPart | None]) -> AddressPart:
    """A group of streets without a city is no address: "endereço 2" is the second line of the address beside it."""
    base = re.sub(r"(\d+)?(#\d+)?$", "", place.group)
    lines = [one for one in places if one and one.part == "street" and re.sub(r"(\d+)?(#\d+)?$", "", one.group) == base]
    if place.part == "street" and lines and place is not lines[0]:
        return AddressPart(LINE, base, place.kind)
    return AddressPart(place.part, base, place.kind)


def _layout(folded: Sequence[str], fields: Collection[str | None]) -> str:
    if any(re.fullmatch(r"(e mail|phone) \d+ value", name) for name in folded) or "given name" in folded:
        return GOOGLE
    outlook = {"e mail address", "endereco de email", "endereco de e mail", "endereco de correio eletronico"}
    if (outlook | {"mobile phone", "telefone celular"}) & set(folded) and ADDRESS_BOOK & set(folded):
        return OUTLOOK
    if {"first name", "organization name"} <= set(folded):
        return GOOGLE
    return CONTACTS if {"first_name", "last_name"} & set(fields) else GENERIC


# A file with one of these headers is an address book.
ADDRESS_BOOK = {"first name", "last name", "sobrenome", "primeiro nome", "display name"}
