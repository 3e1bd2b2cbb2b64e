"""Reads a row of an imported file as the data of a person and notes on parts that were left out, or refuses it.

Of several columns with one meaning the first filled one counts, the others become further values. A value that cannot
be taken is reported by the name of its column, never by the value. No framework, no store, no clock.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Any

from services.chassis.ids import BY_TIME
from services.people.imports.model import row_texts
from services.people.imports.model.cells import cell_text, is_error, says_nothing, without_apostrophe
from services.people.imports.model.columns import NAME_FIELDS
from services.people.imports.model.header_words import fold_header
from services.people.imports.model.layouts import places
from services.people.imports.model.naming import Names
from services.people.imports.model.reading import Filled, Reading, RowRefused
from services.people.imports.model.row_addresses import addresses
from services.people.imports.model.row_lists import contacts, reach
from services.people.imports.model.row_texts import classify, documents, identify, registration
from services.people.shared.fields import find_document, find_phone

TOTAL = re.compile(
    r"(sub ?)?tota(l|is)( geral| (de |d[oa]s )?(registros|clientes|pessoas|contatos|fornecedores|linhas))?"
)
FOOTER = re.compile(
    r"pagina \d+( (de )?\d+)?|(emitido|impresso|gerado|exportado) (em|por|as) .*|fim d[eo] \w+|"
    r"(quantidade|qtde?|total)( de \w+)? \d+|\d+ (registros?|clientes?|contatos?|pessoas?|linhas?)( .*)?"
)
ZEROS = re.compile(r"[0\s./()-]*0[0\s./()-]*")
MARKS = ("email_mark", "phone_mark")
# In characters, but for the cells that our export writes as JSON. No person has as much to say; and to look for the
# parts of a text costs more than its length: a cell of blanks alone, as long as a CSV lets it be, took minutes.
LONGEST_CELL, LONGEST_LIST, LONGEST_ROW = 500, 6_000, 20_000
JSON = ("contacts", "other_addresses")
LISTED = (*JSON, "emails", "phones", "categories", "characteristics")
BLANKS = re.compile(r"[^\S\r\n]{2,}")
TOO_LONG = "texto longo demais"
NUMBERS = ("document", "phones", "address.postal_code", "state_registration", "registration_or_rg", "code")


class RowReader:
    """Reads the rows of one file: `fields` by column, `category` for who names none."""

    def __init__(
        self, header: Sequence[str], fields: Sequence[str | None], layout: str, category: str, names: Names
    ) -> None:
        self._header, self._fields = list(header), list(fields)
        self._layout, self._category, self._names = layout, category, names
        self._places = list(places(header, fields))

    def repeats_header(self, cells: Sequence[str]) -> bool:
        """Whether a row is the header again, as in reports that repeat it on every page."""
        return [cell.strip() for cell in cells] == [name.strip() for name in self._header]

    def read(self, cells: Sequence[str]) -> Reading:
        """Raises RowRefused."""
        fitted = self._fitted(cells)
        _refuse_footer([cell for cell in fitted if cell.strip()])
        reading = Reading()
        filled = list(self._filled(fitted, reading))
        _refuse_long(filled)
        identify(reading, filled)
        reach(reading, filled)
        row_texts.name(reading, filled, self._layout)
        documents(reading, filled)
        addresses(reading, filled)
        registration(reading, filled)
        contacts(reading, filled)
        classify(reading, filled, self._names, self._category)
        reading.data["import_key"] = import_key(reading.data)
        return reading

    def _fitted(self, cells: Sequence[str]) -> list[str]:
        """The cells of a row, as many as the header has; raises RowRefused where there are filled cells beyond it."""
        width = len(self._fields)
        if any(cell.strip() for cell in cells[width:]):
            raise RowRefused(f"A linha tem {len(cells)} colunas, e o cabeçalho tem {width}.")
        return [*cells[:width], *[""] * (width - len(cells))]

    def _filled(self, cells: Sequence[str], reading: Reading) -> Iterator[Filled]:
        """The filled cells. Our export has no placeholders: in it "-" is a name, and only error values are empty."""
        ours = any(name == "id" and BY_TIME.fullmatch(cell) for name, cell in zip(self._fields, cells, strict=True))
        for name, title, place, cell in zip(self._fields, self._header, self._places, cells, strict=True):
            if name is None or not (text := _text_of(name, cell)):
                continue
            if _is_long(name, text):
                _leave_long(reading, Filled(name, text, title, place))
                continue
            text = text if ours else without_apostrophe(text)
            empty = is_error(text) if ours else says_nothing(text, name in NAME_FIELDS)
            if name not in MARKS and (empty or (name in NUMBERS and ZEROS.fullmatch(text))):
                reading.leave(title, "sem valor", name)
            else:
                yield Filled(name, text, title, place)


def _text_of(field: str, cell: str) -> str:
    text = cell_text(cell)
    return BLANKS.sub(" ", text) if field in LISTED and not _is_json(field, text) else text


def _is_json(field: str, text: str) -> bool:
    return field in JSON and text.startswith("[")


def _is_long(field: str, text: str) -> bool:
    return len(text) > (LONGEST_LIST if field in LISTED else LONGEST_CELL) and not _is_json(field, text)


def _leave_long(reading: Reading, long: Filled) -> None:
    """Raises RowRefused where the person would be another one without the cell."""
    if long.field in NAME_FIELDS or long.names_document:
        raise RowRefused(f"{long.title[:60]}: {TOO_LONG}.")
    reading.leave(long.title, TOO_LONG, long.field)


def _refuse_long(filled: Sequence[Filled]) -> None:
    if sum(len(one.text) for one in filled if not _is_json(one.field, one.text)) > LONGEST_ROW:
        raise RowRefused(f"A linha tem mais de {LONGEST_ROW} caracteres.")


def _refuse_footer(texts: Sequence[str]) -> None:
    """Raises RowRefused for lines of totals, page numbers, or who printed the file and when."""
    if not texts:
        return
    first, others = fold_header(texts[0]), texts[1:]
    total = TOTAL.fullmatch(first) and all(_is_sum(text) for text in others)
    if total or (not others and FOOTER.fullmatch(first)):
        raise RowRefused("Linha de totais ou de rodapé, sem pessoa.")


def _is_sum(text: str) -> bool:
    number = re.fullmatch(r"(r\$ ?)?-?[\d.,\s]+%?", text.strip().lower())
    return bool(number) and find_document(text) is None and find_phone(text) is None


def import_key(data: dict[str, Any]) -> str:
    """The same row gives the same key: the document, else a hash of the name with the main e-mail or phone."""
    if data["document"]:
        return str(data["document"])[:20]
    email = next((str(item["address"]).lower() for item in data["emails"] if item["main"]), "")
    phone = next((str(item["number"]) for item in data["phones"] if item["main"]), "")
    reached = email or find_phone(phone) or re.sub(r"\D", "", phone)
    return hashlib.sha256(f"{fold_header(data['name'])}\n{reached}".encode()).hexdigest()
