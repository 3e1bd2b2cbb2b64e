"""Cells with phones: several numbers in one, an area code said once for all, words beside the number.

No framework, no store, no clock.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from services.chassis.phones import read_phone
from services.chassis.spreadsheets import unprotect
from services.people.imports.model.cells import APOSTROPHES, DigitsLost, whole

# between numbers in one cell; the ";" of ";ext=" belongs to a phone
BETWEEN = re.compile(r":::|;(?!\s*ext=)|\||[\r\n]+", re.IGNORECASE)
BETWEEN_WORDS = re.compile(r"\s*[,/]\s*|\s+(?:e|ou)\s+", re.IGNORECASE)
DIGITS_ONLY = re.compile(r"[\d\s().+-]+")
# numbers that stand one behind the other, each with its area code
ONE_OF_MANY = re.compile(r"\(?0?[1-9]{2}\)?[\s.-]*(?:9[\s.-]?)?[2-9]\d{3}[\s.-]?\d{4}(?!\d)")
WITHOUT_AREA = re.compile(r"9?[\s.-]?[2-9]\d{3}[\s.-]?\d{4}")
# "Rita: (11) 3456-7890", "(11) 98765-4321 (WhatsApp)"; a letter among the digits is no label
WORD = r"[^\W\d_]{2,}\.?"
LABEL = rf"[(\[]?{WORD}(?:[\s/-]+{WORD})*[)\]]?"
LONGEST_LABELLED = 200
LABELLED = re.compile(rf"(?:{LABEL}[\s:=-]+)?(?P<number>[+(]?\d[\d\s().+-]*?)(?:[\s:=-]+{LABEL})?")


@dataclass
class Phones:
    """`numbers` as they are written; `bad`: how many texts of the cell are none; `labels`: words beside them."""

    numbers: list[str] = field(default_factory=list)
    bad: int = 0
    labels: int = 0


def phones_of(text: str, area: str = "") -> Phones:
    """`area` is the code that stands in a column of its own; raises DigitsLost where there is no whole number."""
    found, lost = Phones(), 0
    for part in filter(None, (one.strip(f" {APOSTROPHES}") for one in BETWEEN.split(text))):
        for number in _parted(part, area):
            try:
                phone, labelled = _phone(number, area)
            except DigitsLost:
                phone, labelled, lost = None, False, lost + 1
            found.numbers += [phone] if phone else []
            found.bad += phone is None
            found.labels += labelled
            area = _area_of(phone) or area
    if lost and not found.numbers:
        raise DigitsLost
    return found


def _parted(part: str, area: str) -> list[str]:
    if _plain(part, area) is not None:
        return [part]
    many = ONE_OF_MANY.findall(part)
    if DIGITS_ONLY.fullmatch(part) and re.sub(r"\D", "", "".join(many)) == re.sub(r"\D", "", part):
        return many
    return [one for one in BETWEEN_WORDS.split(part) if one.strip()]


def _phone(text: str, area: str) -> tuple[str | None, bool]:
    """The phone as it is written, and whether words beside it were left out."""
    phone = _plain(text, area)
    if phone is not None:
        return phone, False
    labelled = LABELLED.fullmatch(text.strip()) if len(text) <= LONGEST_LABELLED else None
    phone = _plain(labelled["number"].strip(), area) if labelled else None
    return phone, phone is not None


def _plain(text: str, area: str) -> str | None:
    number = unprotect(text)
    if re.fullmatch(r"[0-9.,eE+]+", number):
        number = whole(number)
    for candidate in (f"({area}) {number}", number) if area and WITHOUT_AREA.fullmatch(number.strip()) else (number,):
        if read_phone(candidate):
            return candidate
    return None


def _area_of(phone: str | None) -> str:
    """Of a Brazilian number: people write it once for all numbers of a cell."""
    read = read_phone(phone) if phone else None
    return read.number[3:5] if read and read.number.startswith("+55") else ""
