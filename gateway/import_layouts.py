"""The CSV layouts that an import reads: which header each has, and a row's cells as RegisterPerson data.

Light checks only, standard library only: `people` checks the rest.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

Cells = dict[str, list[str]]  # by folded header name; a name may come twice

EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}")
DOCUMENT = re.compile(r"\d{11}|[0-9A-Z]{12}\d{2}")
LONGEST_KEY = 200
GOOGLE_EMAIL = re.compile(r"e mail \d+ value")
GOOGLE_PHONE = re.compile(r"phone \d+ value")
SEVERAL = ":::"

GENERIC = {
    "name": ("nome", "name", "nome completo", "full name", "razao social", "nome razao social", "cliente"),
    "short_name": ("nome fantasia", "fantasia", "nome curto", "apelido", "short name", "trade name"),
    "document": ("cpf", "cnpj", "cpf cnpj", "cnpj cpf", "cpf ou cnpj", "documento", "document"),
    "email": ("e mail", "email", "e mail principal", "e mail 1", "e mail 2", "email 1", "email 2", "mail"),
    "phone": ("telefone", "telefone 1", "telefone 2", "fone", "celular", "phone", "mobile", "whatsapp", "tel"),
    "street": ("logradouro", "endereco", "rua", "street", "address"),
    "number": ("numero", "number", "no", "n", "num"),
    "complement": ("complemento", "complement"),
    "district": ("bairro", "district", "neighborhood"),
    "city": ("cidade", "municipio", "city"),
    "state": ("uf", "estado", "state"),
    "postal_code": ("cep", "postal code", "zip", "zip code"),
}
STATES = {
    "acre": "AC",
    "alagoas": "AL",
    "amapa": "AP",
    "amazonas": "AM",
    "bahia": "BA",
    "ceara": "CE",
    "distrito federal": "DF",
    "espirito santo": "ES",
    "goias": "GO",
    "maranhao": "MA",
    "mato grosso": "MT",
    "mato grosso do sul": "MS",
    "minas gerais": "MG",
    "para": "PA",
    "paraiba": "PB",
    "parana": "PR",
    "pernambuco": "PE",
    "piaui": "PI",
    "rio de janeiro": "RJ",
    "rio grande do norte": "RN",
    "rio grande do sul": "RS",
    "rondonia": "RO",
    "roraima": "RR",
    "santa catarina": "SC",
    "sao paulo": "SP",
    "sergipe": "SE",
    "tocantins": "TO",
}


class RowRefused(Exception):
    """Why a row is refused, in pt-BR."""


def fold(text: str) -> str:
    """Lower-case words without accents or punctuation: "E-mail 1 - Value" is "e mail 1 value"."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"[^\W_]+", "".join(char for char in plain if not unicodedata.combining(char))))


def is_google(header: set[str]) -> bool:
    parts = header & {"given name", "first name", "family name", "last name"}
    return len(parts) == 2 or any(GOOGLE_EMAIL.fullmatch(name) or GOOGLE_PHONE.fullmatch(name) for name in header)


def is_generic(header: set[str]) -> bool:
    return bool(header & set(GENERIC["name"]))


def from_google(cells: Cells) -> dict[str, Any]:
    """Both headers that Google Contacts has exported; a company without a person gives its own name."""
    names = [_first(cells, old, new) for old, new in _GOOGLE_NAMES]
    organization = _first(cells, "organization 1 name", "organization name")
    name = " ".join(filter(None, names)) or _first(cells, "name") or organization
    name = name or _first(cells, "file as") or _first(cells, "nickname")
    emails = _google_values(cells, GOOGLE_EMAIL)
    phones = _google_values(cells, GOOGLE_PHONE)
    return _person(name, "", "", emails, phones, _google_addresses(cells))


_GOOGLE_NAMES = (("given name", "first name"), ("additional name", "middle name"), ("family name", "last name"))


def _google_values(cells: Cells, pattern: re.Pattern[str]) -> list[tuple[str, bool]]:
    """Values with whether Google marks them as the main one: a star before the label."""
    found = []
    for header in cells:
        if pattern.fullmatch(header):
            prefix = header.removesuffix("value")
            starred = _first(cells, f"{prefix}label", f"{prefix}type").startswith("*")
            values = [value.strip() for cell in cells[header] for value in cell.split(SEVERAL)]
            found += [(value, starred and index == 0) for index, value in enumerate(filter(None, values))]
    return found


def _google_addresses(cells: Cells) -> list[dict[str, str]]:
    """The first address, when it is complete and Brazilian; a contact is not refused for lacking one."""
    street, city = _first(cells, "address 1 street"), _first(cells, "address 1 city")
    region, postal_code = _first(cells, "address 1 region"), _first(cells, "address 1 postal code")
    state = _state(region)
    if SEVERAL in street or not (street and city and state):
        return []
    kept = postal_code if re.fullmatch(r"\d{5}-?\d{3}", postal_code) else ""
    return [{"kind": "main", "street": " ".join(street.split()), "city": city, "state": state, "postal_code": kept}]


def from_generic(cells: Cells) -> dict[str, Any]:
    emails = [(value.strip(), False) for cell in _all(cells, "email") for value in re.split(r"[;,]|:::", cell)]
    phones = [(value.strip(), False) for cell in _all(cells, "phone") for value in re.split(r"[;,/]|:::", cell)]
    name, short_name = _one(cells, "name"), _one(cells, "short_name")
    return _person(name, short_name, _one(cells, "document"), emails, phones, _generic_addresses(cells))


def _generic_addresses(cells: Cells) -> list[dict[str, str]]:
    names = ("street", "number", "complement", "district", "city", "state", "postal_code")
    given = {name: _one(cells, name) for name in names}
    if not any(given.values()):
        return []
    given["state"] = _state(given["state"])
    if not (given["street"] and given["city"] and given["state"]):
        raise RowRefused("Endereço incompleto: informe logradouro, cidade e UF.")
    digits = re.sub(r"[\s.-]", "", given["postal_code"])
    if digits and not re.fullmatch(r"[0-9]{7,8}", digits):
        raise RowRefused(f"CEP inválido: {given['postal_code']}.")
    given["postal_code"] = digits and digits.zfill(8)  # spreadsheets drop the leading zero
    return [{"kind": "main", **given}]


def _state(text: str) -> str:
    name = fold(text)
    return name.upper() if name.upper() in STATES.values() else STATES.get(name, "")


def _first(cells: Cells, *headers: str) -> str:
    return next((cell for header in headers for cell in cells.get(header, ()) if cell), "")


def _all(cells: Cells, field: str) -> list[str]:
    return [cell for header in GENERIC[field] for cell in cells.get(header, ()) if cell]


def _one(cells: Cells, field: str) -> str:
    return next(iter(_all(cells, field)), "")


def _person(
    name: str,
    short_name: str,
    document: str,
    emails: list[tuple[str, bool]],
    phones: list[tuple[str, bool]],
    addresses: list[dict[str, str]],
) -> dict[str, Any]:
    if not name:
        raise RowRefused("Linha sem nome.")
    compact = re.sub(r"[\s./-]", "", document).upper()
    if compact and not DOCUMENT.fullmatch(compact):
        raise RowRefused(f"CPF ou CNPJ inválido: {document}.")
    listed, numbers = _marked(emails, "address"), _marked(phones, "number")
    for email in listed:
        if len(email["address"]) > 254 or not EMAIL.fullmatch(email["address"]):
            raise RowRefused(f"E-mail inválido: {email['address']}.")
    return {
        "name": name,
        "short_name": short_name,
        "document": compact or None,
        "emails": listed,
        "phones": numbers,
        "addresses": addresses,
        "import_key": import_key(compact, listed, name, numbers),
    }


def _marked(values: Iterable[tuple[str, bool]], key: str) -> list[dict[str, Any]]:
    """Each value once; the first marked one, else the first, is the main one."""
    unique: dict[str, bool] = {}
    for value, main in values:
        if value:
            unique[value] = unique.get(value, False) or main
    chosen = next((value for value, main in unique.items() if main), next(iter(unique), None))
    return [{key: value, "main": value == chosen} for value in unique]


def import_key(document: str, emails: list[dict[str, Any]], name: str, phones: list[dict[str, Any]]) -> str:
    """The same row gives the same key: the document, else the main e-mail, else a hash of name and phone."""
    email = next((str(item["address"]).lower() for item in emails if item["main"]), "")
    if document or 0 < len(email) <= LONGEST_KEY:
        return document or email
    phone = next((re.sub(r"\D", "", item["number"]) for item in phones if item["main"]), "")
    return hashlib.sha256(f"{fold(name)}\n{email or phone}".encode()).hexdigest()


LAYOUTS: dict[str, tuple[Callable[[set[str]], bool], Callable[[Cells], dict[str, Any]]]] = {
    "google": (is_google, from_google),
    "generic": (is_generic, from_generic),
}
