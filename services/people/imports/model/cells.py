"""Reads single cells of CSV files: placeholders, digits that a spreadsheet spoiled, several values in one cell.

No framework, no store, no clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from services.chassis.spreadsheets import unprotect
from services.chassis.texts import fold, fold_name
from services.people.shared.fields import find_document

APOSTROPHES = "'’‘´`"
# ="0123", as people write so that a spreadsheet keeps the zeros
AS_TEXT = re.compile(r'=\s*"(.*)"', re.DOTALL)
SPREADSHEET_ERROR = re.compile(
    r"#+|#(n/d|n/a|ref!|valor!|value!|nome\?|name\?|div/0!|num!|nulo!|null!|despejar!|spill!|calc!|campo!)"
)
NOTHING = {
    "n/a", "n/d", "n.d.", "n.a.", "na", "nd", "null", "(null)", "none", "nil", "nan", "(vazio)", "vazio", "em branco",
    "nao informado", "nao informada", "nao consta", "nao possui", "nao tem", "nao se aplica", "sem", "sem e-mail",
    "sem email", "sem telefone", "sem celular", "sem contato", "sem informacao", "sem cadastro", "undefined",
}  # fmt: skip
# Placeholders for a name; fewer, because "Nan" and "Na" are names.
NO_NAME = {"n/a", "n/d", "(null)", "null", "(vazio)", "nao informado", "sem nome"}
SCIENTIFIC = re.compile(r"([0-9])(?:[.,]([0-9]*))?[eE]\+?([0-9]{1,3})")
WITH_DECIMALS = re.compile(r"([0-9]+)[.,]0{1,2}")
MONTHS = "jan|fev|feb|mar|abr|apr|mai|may|jun|jul|ago|aug|set|sep|out|oct|nov|dez|dec"
DATE = re.compile(
    rf"\d{{1,2}}[/-]({MONTHS})\.?([/-]\d{{2,4}})?|({MONTHS})\.?[/-]\d{{2,4}}|\d{{1,2}}/\d{{1,2}}/\d{{4}}|\d{{4}}-\d\d-\d\d"
    r"( \d\d:\d\d(:\d\d)?)?",
    re.IGNORECASE,
)
EMAIL = re.compile(r"[^@\s,;<>\"()\[\]]+@[^@\s,;<>\"()\[\]]+\.[^@\s,;<>\"()\[\].]{2,}")
CPF, CNPJ = 11, 14
# states whose registrations all begin with a zero: the digits that may follow it
ZERO_FIRST = {"AC": ("1",), "AP": ("3",), "DF": ("7", "8")}
LONGEST_NUMBER = 60
QUOTED_NUMBER = re.compile(rf"[{APOSTROPHES}](?=[\d.,/\s-]*\d[\d.,/\s-]*$)")


class DigitsLost(Exception):
    """A spreadsheet has rounded the number, so its last digits are lost."""


def cell_text(cell: str) -> str:
    """The text of a cell without the signs that protect it from a spreadsheet."""
    as_text = AS_TEXT.fullmatch(cell)
    return as_text[1].replace('""', '"').strip() if as_text else unprotect(cell).strip()


def without_apostrophe(text: str) -> str:
    """A number without the apostrophe that keeps a spreadsheet from taking its zeros."""
    short = len(text) <= LONGEST_NUMBER
    return QUOTED_NUMBER.sub("", text, count=1) if short and text[:1] in APOSTROPHES else text


def says_nothing(text: str, name: bool = False) -> bool:
    """Whether the text stands for an empty cell."""
    folded = fold_name(text)
    if not re.search(r"\w", folded) or SPREADSHEET_ERROR.fullmatch(folded):
        return True
    return folded in (NO_NAME if name else NOTHING)


def is_error(text: str) -> bool:
    return bool(SPREADSHEET_ERROR.fullmatch(fold(text.strip())))


def is_date(text: str) -> bool:
    """Whether a spreadsheet has made a date of it ("10-12" becomes "10/dez")."""
    return bool(DATE.fullmatch(text))


def whole(text: str) -> str:
    """The digits of a number that a spreadsheet gave decimals or an exponent; other texts stay. Raises DigitsLost."""
    text = text.strip().strip(APOSTROPHES).strip()
    decimals = WITH_DECIMALS.fullmatch(text)
    if decimals and len(decimals[1]) > 3:  # "12345678909.0", "12345678909,00"
        return decimals[1]
    scientific = SCIENTIFIC.fullmatch(text)
    if scientific is None:
        return text
    after, exponent = scientific[2] or "", int(scientific[3])
    if len(after) < exponent or after[exponent:].strip("0"):
        raise DigitsLost
    return scientific[1] + after[:exponent]


def document_of(text: str, lengths: Iterable[int] = (CPF, CNPJ)) -> str | None:
    """The CPF or CNPJ in a cell, with lost leading zeros restored where the check digits agree; raises DigitsLost.

    None where there is none, or where two are possible. `lengths`: the lengths that the column's name allows.
    """
    compact = re.sub(r"[\s./\\-]", "", whole(re.sub(r"^(cpf|cnpj)\b[\s:.]*", "", text, flags=re.IGNORECASE)))
    if not compact.isascii():
        return None
    wanted = tuple(lengths)
    padded = {compact.zfill(length) for length in wanted if compact.isdigit() and len(compact) < length}
    valid = {document for candidate in padded if (document := find_document(candidate))}
    exact = find_document(compact)
    if exact and (len(exact) in wanted or not valid):
        return exact
    return valid.pop() if len(valid) == 1 else None


def registration_of(text: str, state: str | None) -> str:
    """A state registration with its lost first zero restored, in states whose registrations all begin with a zero.

    Raises DigitsLost; it does not check whether the registration is valid.
    """
    number = whole(text)
    digits = re.sub(r"[\s./-]", "", number)
    begin = ZERO_FIRST.get(state or "", ())
    return f"0{digits}" if digits.isdecimal() and digits.startswith(begin) and begin else number


def postal_code_of(text: str) -> str | None:
    """The eight digits of a postal code, with a lost first zero restored; None where it is not one."""
    try:
        digits = re.sub(r"[\s.\-\u2010-\u2015]", "", whole(text))
    except DigitsLost:
        return None
    return digits.zfill(8) if re.fullmatch(r"[0-9]{7,8}", digits) else None


def emails_of(text: str) -> tuple[list[str], int]:
    """The e-mail addresses in a cell, and how many of its texts are not addresses."""
    addresses: list[str] = []
    bad = 0
    for part in re.split(r"[,/]|:::|[;|\r\n]+", text):
        bracketed = re.search(r"<\s*([^<>\s]+@[^<>\s]+)\s*>", part)
        for token in [bracketed[1]] if bracketed else part.split():
            address = re.sub("^mailto:", "", token.strip("'\"<>()[]"), flags=re.IGNORECASE).rstrip(".")
            if EMAIL.fullmatch(address):
                addresses.append(address)
            elif address and fold(address) not in ("e", "ou", "-"):
                bad += 1
    return list(dict.fromkeys(addresses)), bad
