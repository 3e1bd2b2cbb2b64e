"""The columns of CSV files: the names each field has in files, how an import reads it, how an export writes it.

A text of a person gets its column by one line in COLUMNS. No framework, no store, no clock.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from stdnum.br import cnpj, cpf

from services.chassis.phones import Phone, read_phone, shown
from services.chassis.spreadsheets import protected, unprotected
from services.people.domain.categories import CATEGORIES
from services.people.domain.fields import find_phone, fold
from services.people.domain.person import Person
from services.people.domain.states import state_code


@dataclass(frozen=True)
class Column:
    """`title` heads the column of an export; `names` are patterns of other folded headers that mean the same."""

    field: str
    title: str
    names: tuple[str, ...] = ()
    several: bool = False
    exported: bool = True
    imported: bool = True

    def known_as(self, header: str) -> bool:
        return self.imported and any(re.fullmatch(name, header) for name in (fold_header(self.title), *self.names))


def fold_header(text: str) -> str:
    """Lower-case words without accents or punctuation: "E-mail 1 - Value" is "e mail 1 value"."""
    return " ".join(re.findall(r"[^\W_]+", fold(text)))


COLUMNS = (
    Column("code", "Código", imported=False),
    Column("name", "Nome", ("name", "nome completo", "full name", "(nome )?razao social", "cliente", "display name")),
    Column("first_name", "Primeiro nome", ("given name", "first name"), exported=False),
    Column("middle_name", "Nome do meio", ("additional name", "middle name", "segundo nome"), exported=False),
    Column("last_name", "Sobrenome", ("family name", "last name"), exported=False),
    Column("organization", "Empresa", ("organization( 1)? name", "company", "file as", "nickname"), exported=False),
    Column("short_name", "Nome curto", ("nome fantasia", "fantasia", "apelido", "short name", "trade name")),
    Column("document", "CPF ou CNPJ", ("cpf", "cnpj", "cpf cnpj", "cnpj cpf", "documento", "document")),
    Column("trade_name", "Nome comercial"),
    Column("state_registration", "Inscrição estadual", ("ie", "insc estadual", "state registration")),
    Column("state_registration_state", "UF da inscrição estadual"),
    Column("categories", "Categorias", ("categoria", "category", "categories")),
    Column("email_mark", "Rótulo do e-mail", (r"e mail \d+ (label|type)",), several=True, exported=False),
    Column("emails", "E-mails", (
        r"e ?mails?( \d+)?", r"e mail \d+ value", "e mail principal", "mail", r"e mail( \d+)? address",
        r"endereco de e ?mail( \d+)?",
    ), several=True),
    Column("phone_mark", "Rótulo do telefone", (r"phone \d+ (label|type)",), several=True, exported=False),
    Column("phones", "Telefones", (
        r"(telefone|fone|celular|phone|mobile|whatsapp|tel)( \d+)?", r"phone \d+ value",
        r"(mobile|home|business|primary|company main|other) phone( \d+)?",
        r"telefone (celular|residencial|comercial|principal)( \d+)?",
    ), several=True),
    Column("address.street", "Logradouro", (
        "endereco", "rua", "street", "address", "address 1 street", "(business|home) street",
        "rua do endereco (comercial|residencial)",
    )),
    Column("address.number", "Número", ("number", "no", "n", "num")),
    Column("address.complement", "Complemento", ("complement",)),
    Column("address.district", "Bairro", ("district", "neighborhood")),
    Column("address.city", "Cidade", (
        "municipio", "city", "address 1 city", "(business|home) city", "cidade do endereco (comercial|residencial)",
    )),
    Column("address.state", "UF", (
        "estado", "state", "address 1 region", "(business|home) state", "estado do endereco (comercial|residencial)",
    )),
    Column("address.postal_code", "CEP", (
        "postal code", "zip", "zip code", "address 1 postal code", "(business|home) postal code",
        "cep do endereco (comercial|residencial)",
    )),
    Column("other_addresses", "Outros endereços"),
    Column("contacts", "Contatos"),
)  # fmt: skip

IMPORTED = {column.field: column for column in COLUMNS if column.imported}
EXPORTED = tuple(column for column in COLUMNS if column.exported)
NAME_FIELDS = frozenset({"name", "first_name", "last_name", "organization"})
MARKS = {"email_mark": "emails", "phone_mark": "phones"}
CATEGORY_KEYS = {fold_header(name): key for key, name in CATEGORIES.items()} | {
    fold_header(key): key for key in CATEGORIES
}
EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}")


class RowRefused(Exception):
    """Why a row is refused, in pt-BR; names the column, never the value."""


def recognise(header: Sequence[str]) -> tuple[str, list[str | None]]:
    """The layout's name and each column's field, None where no field is known; a single field is given once."""
    folded = [fold_header(name) for name in header]
    fields: list[str | None] = []
    for name in folded:
        found = next((column for column in COLUMNS if column.known_as(name)), None)
        taken = found is not None and not found.several and found.field in fields
        fields.append(None if found is None or taken else found.field)
    if "sobrenome" in folded and "nome" in folded and "first_name" not in fields:
        fields[folded.index("nome")] = "first_name"  # Outlook in Portuguese
    return _layout(folded), fields


def _layout(folded: Sequence[str]) -> str:
    if any(re.fullmatch(r"(e mail|phone) \d+ value", name) for name in folded) or "given name" in folded:
        return "google"
    if {"e mail address", "endereco de email", "mobile phone", "telefone celular"} & set(folded):
        return "outlook"
    return "google" if {"first name", "organization name"} <= set(folded) else "generic"


def to_data(fields: Sequence[str | None], cells: Sequence[str], layout: str, category: str) -> dict[str, Any]:
    """A row as RegisterPerson data; raises RowRefused. `category` is given where the row names none."""
    if len(cells) != len(fields):
        raise RowRefused(f"A linha tem {len(cells)} colunas, e o cabeçalho tem {len(fields)}.")
    one, several = _values(fields, cells)
    data: dict[str, Any] = {field: one[field] for field in one if field in PLAIN}
    data["name"] = _name(one)
    data["document"] = re.sub(r"[\s./-]", "", one.get("document", "")).upper() or None
    data["categories"] = _categories(one.get("categories", ""), layout) or [category]
    data["emails"] = _marked(several["emails"], "address")
    data["phones"] = _marked(several["phones"], "number")
    if not all(EMAIL.fullmatch(item["address"]) for item in data["emails"]):
        raise RowRefused("E-mail inválido.")
    data["addresses"] = [*_address(one, layout), *_listed(one, "other_addresses")]
    data["contacts"] = _listed(one, "contacts")
    data["import_key"] = import_key(data)
    return data


# Texts that go into a person as they are.
PLAIN = frozenset(
    column.field for column in EXPORTED if column.imported and not column.several and "." not in column.field
) - {"name", "document", "categories", "other_addresses", "contacts"}

Several = dict[str, list[tuple[str, bool]]]


def _values(fields: Sequence[str | None], cells: Sequence[str]) -> tuple[dict[str, str], Several]:
    """Texts of single fields; texts of lists, each with whether its label has Google's star: the main one."""
    one: dict[str, str] = {}
    several: Several = {"emails": [], "phones": []}
    marked = dict.fromkeys(several, False)
    for field, cell in zip(fields, cells, strict=True):
        text = unprotected(cell)
        if field in MARKS:
            marked[MARKS[field]] = text.startswith("*")
        elif field in several:
            pattern = r"[;,]|:::" if field == "emails" else r"[;,/]|:::"
            parts = [part.strip() for part in re.split(pattern, text) if part.strip()]
            several[field] += [(unprotected(part), marked[field] and i == 0) for i, part in enumerate(parts)]
            marked[field] = False
        elif field and text:
            one.setdefault(field, text)
    return one, several


def _name(one: dict[str, str]) -> str:
    parts = [one.get(part, "") for part in ("first_name", "middle_name", "last_name")]
    name = " ".join(filter(None, parts)) or one.get("name") or one.get("organization")
    if not name:
        raise RowRefused("Linha sem nome.")
    return name


def _categories(cell: str, layout: str) -> list[str]:
    """An address book's categories are labels of its owner's: those that are none of ours say nothing."""
    named = [part.strip() for part in re.split(r"[;,]", cell) if part.strip()]
    found = [CATEGORY_KEYS.get(fold_header(name)) for name in named]
    if None in found and layout == "generic":
        raise RowRefused("Categoria desconhecida.")
    return [key for key in found if key]


def _address(one: dict[str, str], layout: str) -> list[dict[str, str]]:
    """The main address. A contact of an address book is not refused for lacking parts of it."""
    given = {field.partition(".")[2]: value for field, value in one.items() if field.startswith("address.")}
    if not given:
        return []
    given["state"] = state_code(given.get("state", ""))
    postal_code = given.get("postal_code", "")
    if not re.fullmatch(r"\d{5}-?\d{3}", postal_code):
        digits = re.sub(r"[\s.-]", "", postal_code)
        given["postal_code"] = digits.zfill(8) if re.fullmatch(r"\d{7,8}", digits) else ""  # a spreadsheet's lost zero
    lacking = not (given.get("street") and given.get("city") and re.fullmatch("[A-Z]{2}", given["state"]))
    if layout != "generic":
        return [] if lacking else [{"kind": "main", **given, "street": " ".join(given["street"].split())}]
    if lacking:
        raise RowRefused("Endereço incompleto: informe logradouro, cidade e UF.")
    if postal_code and not given["postal_code"]:
        raise RowRefused("CEP inválido.")
    return [{"kind": "main", **given}]


def _listed(one: dict[str, str], field: str) -> list[Any]:
    """What an export has written as JSON into one cell."""
    try:
        listed = json.loads(one.get(field) or "[]")
    except (ValueError, RecursionError):
        listed = None
    if not isinstance(listed, list):
        raise RowRefused(f"A coluna {IMPORTED[field].title} não está como a exportação a escreve.")
    return listed


def _marked(values: Iterable[tuple[str, bool]], key: str) -> list[dict[str, Any]]:
    """Each value once; the first marked one, else the first, is the main one."""
    unique: dict[str, bool] = {}
    for value, main in values:
        unique[value] = unique.get(value, False) or main
    chosen = next((value for value, main in unique.items() if main), next(iter(unique), None))
    return [{key: value, "main": value == chosen} for value in unique]


def import_key(data: dict[str, Any]) -> str:
    """The same row gives the same key: the document, else a hash of the name with the main e-mail or phone."""
    if data["document"]:
        return str(data["document"])[:20]
    email = next((str(item["address"]).lower() for item in data["emails"] if item["main"]), "")
    phone = next((str(item["number"]) for item in data["phones"] if item["main"]), "")
    reached = email or find_phone(phone) or re.sub(r"\D", "", phone)
    return hashlib.sha256(f"{fold_header(data['name'])}\n{reached}".encode()).hexdigest()


def to_cells(person: Person) -> list[str]:
    """A person as the cells of EXPORTED, protected from spreadsheets that would run them."""
    address: dict[str, Any] = next((item for item in person.addresses if item["kind"] == "main"), {})
    written = {
        "document": _document(person.document),
        "categories": "; ".join(CATEGORIES.get(key, key) for key in person.categories),
        "emails": "; ".join(_main_first(person.emails, "address")),
        "phones": "; ".join(map(_phone, _main_items(person.phones))),
        "other_addresses": _json(_without(("id", "main"), (item for item in person.addresses if item is not address))),
        # An address gets another number when it is read again, so a contact's cannot be told.
        "contacts": _json(_without(("id", "address_id"), person.contacts)),
        **{f"address.{part}": value for part, value in address.items()},
    }
    texts = (written.get(column.field, getattr(person, column.field, "")) for column in EXPORTED)
    return [protected("" if text is None else str(text)) for text in texts]


def _without(names: tuple[str, ...], items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: value for key, value in item.items() if key not in names} for item in items]


def _document(document: str | None) -> str:
    """With its punctuation: a spreadsheet would take the digits for a number and drop the zeros."""
    if not document:
        return ""
    return str(cpf.format(document) if len(document) == 11 else cnpj.format(document))


def _phone(item: dict[str, Any]) -> str:
    """As people write it, where that is read as the same number again."""
    number, extension = item["number"], item.get("extension") or ""
    written = shown(number, extension)
    if read_phone(written) == Phone(number, extension):
        return written
    return f"{number} ramal {extension}" if extension else str(number)


def _main_items(items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(items, key=lambda item: not item["main"])


def _main_first(items: Iterable[dict[str, Any]], key: str) -> list[str]:
    return [str(item[key]) for item in _main_items(items)]


def _json(items: list[dict[str, Any]]) -> str:
    return json.dumps(items, ensure_ascii=False) if items else ""
