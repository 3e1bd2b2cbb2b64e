"""The single texts of a row: whose it is, its names, its document, its state registration, its categories.

No framework, no store, no clock.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from services.chassis.errors import Invalid
from services.chassis.phones import format_phone, read_phone
from services.chassis.texts import fold
from services.people.imports.model.cells import CPF, DigitsLost, document_of, is_date, registration_of
from services.people.imports.model.columns import title_of
from services.people.imports.model.header_words import fold_header
from services.people.imports.model.layouts import GENERIC
from services.people.imports.model.naming import Catalogue, Names
from services.people.imports.model.reading import Filled, Reading, RowRefused, texts_of
from services.people.imports.model.states import state_code
from services.people.persons.model.places import EXEMPT, normalise_registration

LOST = "a planilha perdeu dígitos (notação científica)"
TRADE_NAME_LIMIT = 150
SHORT_NAME_LIMIT = 60
YES_OR_NO = {"sim", "nao", "true", "false", "yes", "no", "verdadeiro", "falso"}
YES = {"s", "sim", "x", "1", "true", "verdadeiro", "isento", "isenta", "yes", "y"}


def identify(reading: Reading, filled: Sequence[Filled]) -> None:
    """Sets the id and code by which an export identifies the person."""
    reading.id = next(iter(texts_of(filled, "id")), None)
    code = next(iter(texts_of(filled, "code")), "")
    reading.code = int(code) if re.fullmatch(r"[0-9]{1,12}", code) else None


def name(reading: Reading, filled: Sequence[Filled], layout: str) -> None:
    """The person's name, else the company's, else the name it trades under; in an address book what it is reached by.

    Further names, and the company of somebody with a name, are kept as the trade name. Raises RowRefused.
    """
    parts = (next(iter(texts_of(filled, part)), "") for part in NAME_PARTS)
    whole_name = " ".join(filter(None, parts))
    further_names = (texts_of(filled, field) for field in ("name", "other_name", "organization"))
    names = [*filter(None, [whole_name]), *chain.from_iterable(further_names)]
    short = texts_of(filled, "short_name")
    reading.given.update(["name"] if names else [])
    if not names:
        names = [*texts_of(filled, "trade_name"), *short][:1]
    if not names and layout != GENERIC:
        names = [*texts_of(filled, "file_as"), *_reached_by(reading)][:1]
    if not names:
        raise RowRefused("Linha sem nome.")
    further = [*texts_of(filled, "trade_name"), *_others(reading, names, filled), *short[1:]]
    reading.data["name"] = names[0]
    _set(reading, "short_name", _short(reading, short[0], further) if short else "")
    _set(reading, "trade_name", _joined(reading, further))
    if not texts_of(filled, "trade_name"):
        reading.derived.add("trade_name")


NAME_PARTS = ("first_name", "middle_name", "last_name", "name_suffix")


def _reached_by(reading: Reading) -> list[str]:
    addresses = [item["address"] for item in reading.data["emails"]]
    phones = (read_phone(item["number"]) for item in reading.data["phones"])
    return [*addresses, *(format_phone(phone.number, phone.extension) for phone in phones if phone)][:1]


def _others(reading: Reading, names: Sequence[str], filled: Sequence[Filled]) -> list[str]:
    """Further names that add words to the first one: "Silva, José" beside "José Silva" does not."""
    said = set(fold_header(names[0]).split())
    others = [*names[1:], *texts_of(filled, "file_as")]
    more = [other for other in others if not set(fold_header(other).split()) <= said and "@" not in other]
    real = [
        other for other in more if len(other) > 1 and re.search(r"[^\W\d_]", other) and fold(other) not in YES_OR_NO
    ]
    if len(real) < len(more):
        reading.leave(title_of("trade_name"), "um texto que não é nome")
    return real


def _short(reading: Reading, text: str, further: list[str]) -> str:
    """The short name; one that is too long is cut, and kept as a whole among the `further` names."""
    if is_date(text):
        reading.leave(title_of("short_name"), "parece uma data que a planilha criou", "short_name")
        return ""
    if len(text) <= SHORT_NAME_LIMIT:
        return text
    further.append(text)
    reading.leave(title_of("short_name"), f"encurtado para {SHORT_NAME_LIMIT} caracteres", "short_name")
    return text[:SHORT_NAME_LIMIT].rsplit(" ", 1)[0].strip()


def _joined(reading: Reading, names: Sequence[str]) -> str:
    joined = ""
    for name_ in dict.fromkeys(names):
        longer = f"{joined}; {name_}" if joined else name_
        if len(longer) > TRADE_NAME_LIMIT:
            reading.leave(title_of("trade_name"), "um nome a mais não coube", "trade_name")
        else:
            joined = longer
    return joined


def _set(reading: Reading, field: str, text: str) -> None:
    reading.data[field] = text
    if text:
        reading.given.add(field)


def documents(reading: Reading, filled: Sequence[Filled]) -> None:
    """Sets the first valid document; raises RowRefused where a column of documents holds invalid ones only."""
    found: list[str] = []
    wrong: list[Filled] = []
    refusal = "CPF ou CNPJ inválido."
    for one in filled:
        if one.field != "document":
            continue
        try:
            document = document_of(one.text, one.lengths)
        except DigitsLost:
            document, refusal = None, f"{one.title[:60]}: {LOST}; corrija o arquivo."
        if document is None:
            wrong.append(one)
        elif document in found:
            continue
        elif found:
            reading.leave(one.title, "uma pessoa tem um documento só, e outra coluna já o deu")
        else:
            found.append(document)
    for one in wrong:
        if not found and re.search(r"\d", one.text) and (one.names_document or _meant_as_document(one.text)):
            raise RowRefused(refusal)
        reading.leave(one.title, "não é um CPF ou CNPJ válido")
    reading.data["document"] = found[0] if found else None
    reading.given.update(["document"] if found else [])


def _meant_as_document(text: str) -> bool:
    return len(re.sub(r"\D", "", text)) >= CPF or re.fullmatch(r"[\d.,]+[eE]\+?\d+", text) is not None


def registration(reading: Reading, filled: Sequence[Filled]) -> None:
    """Sets the state registration, checked by its own state or the first address's; an RG is not a registration."""
    states = [state_code(text) for text in texts_of(filled, "state_registration_state")]
    state = next(iter(states), "") or reading.main_address.get("state")
    found: list[str] = []
    for one in filled:
        if one.field == "registration_or_rg" and len(reading.data["document"] or "") <= CPF:
            reading.leave(one.title, "o RG de uma pessoa física não é guardado")
        elif one.field in ("state_registration", "registration_or_rg"):
            found += _registered(reading, one, state, beyond=bool(found))
    if not found and any(fold(text) in YES for text in texts_of(filled, "registration_exempt")):
        found = [EXEMPT]
    reading.data["state_registration"] = found[0] if found else None
    reading.data["state_registration_state"] = state if found and found[0] != EXEMPT else None
    reading.given.update(["state_registration"] if found else [])


def _registered(reading: Reading, one: Filled, state: str | None, beyond: bool) -> list[str]:
    try:
        number = normalise_registration(registration_of(one.text, state), state)
    except DigitsLost:
        reading.leave(one.title, LOST, "state_registration")
        return []
    except Invalid as refusal:
        why = "falta a UF" if refusal.code == "state_missing" else f"não é uma inscrição estadual de {state}"
        reading.leave(one.title, why, "state_registration")
        return []
    if beyond:
        reading.leave(one.title, "uma pessoa tem uma inscrição estadual só, e outra coluna já a deu")
        return []
    return [number]


def classify(reading: Reading, filled: Sequence[Filled], names: Names, category: str) -> None:
    """Sets categories and characteristics by their names; `category` where the row names none."""
    categories = _named(reading, filled, "categories", names.categories)
    reading.data["categories"] = categories or [category]
    reading.data["characteristics"] = _named(reading, filled, "characteristics", names.characteristics)


def _named(reading: Reading, filled: Sequence[Filled], field: str, catalogue: Catalogue) -> list[str]:
    found: list[str] = []
    for one in filled:
        if one.field == field:
            ids, unknown = catalogue.found_in(one.text)
            found += ids
            if unknown:
                reading.leave(one.title, "um nome que a empresa não tem", field)
    reading.given.update([field] if found else [])
    return list(dict.fromkeys(found))
