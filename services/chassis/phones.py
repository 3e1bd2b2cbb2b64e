"""Parsing of phone numbers, for all services: a number as people write it becomes E.164 and its extension.

A text that is not understood completely is refused: a letter among the digits is a typing error, and the remaining
digits would be somebody else's number. Only phonenumbers may enter; no framework, no store, no clock.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers

BRAZIL = 55
# The countries with a numbering plan, by the two letters of ISO 3166.
REGIONS = frozenset(phonenumbers.SUPPORTED_REGIONS)
LONGEST = 60
EXTENSION_WORDS = r"ramal|ram|rml|extens[aã]o|extension|extn|ext"
EXTENSION = re.compile(
    rf"""(?P<before>.*?)
    (?P<gap>[\s,;/(-]*)
    (?P<word>;ext=|{EXTENSION_WORDS}|[rx#])
    [\s.:=]* (?P<extension>[0-9]{{1,8}}) \s* (?P<close>\)?)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
# "0xx11", "(0xx11)", "(0**) 11": a place for the carrier that the caller chooses
ANY_CARRIER = re.compile(r"(?<![0-9])0[\s-]*(?:xx|\*\*)[\s-]*", re.IGNORECASE)
AREA_SLASH = re.compile(r"^(\(?0?[0-9]{2}\)?)\s*/")
WRITTEN = re.compile(r"(?:\+[\s(]*(?=[1-9]))?[0-9\s().-]+")
# Carrier codes after the exit code 00; phonenumbers recognises them after the trunk prefix 0.
CARRIER = re.compile("1[245]|2[1-35]|31|4[13]|65|99")
# An area code of zeros stands for none.
NO_AREA = re.compile(r"\(\s*0+\s*\)")
# An area code after the number ("98765-4321 11") is ambiguous: "3456-7890 91" are two numbers.
AREA_LAST = re.compile(r"[2-9][0-9]{3,4}-[0-9]{4}[^0-9-]+[0-9]")
OLD_MOBILE = re.compile(r"[1-9]{2}[6-9][0-9]{7}")


@dataclass(frozen=True)
class Phone:
    """`number` is E.164; `extension` has 1 to 8 digits, or none."""

    number: str
    extension: str = ""


def read_phone(text: str) -> Phone | None:
    """A Brazilian number with its area code, or one of another country after `+` or `00`; None where it is neither.

    Understood are the carrier's choice ("0 15 11 ...", "0xx11 ..."), the trunk's zero, extensions ("ramal 12", "r. 12",
    "ext 12", "x12", "#12"), and digits of any script. Reading the number again changes nothing.
    """
    if len(text) > LONGEST:
        return None
    plain = "".join(map(_plain, text)).strip()
    plain = re.sub("^tel:", "", plain, flags=re.IGNORECASE)
    parted = EXTENSION.fullmatch(plain)
    if parted is None:
        number = _number(plain, completed=True)
        return Phone(number) if number else None
    # without a gap "98765-432x1" would be a mobile in its old form, and is a slip
    spaced = bool(parted["gap"]) or len(parted["word"]) > 1
    before = parted["before"] + ("" if "(" in parted["gap"] else parted["close"])
    number = _number(before, completed=spaced)
    return Phone(number, parted["extension"]) if number else None


def format_phone(number: str, extension: str = "") -> str:
    """A number as people write it: Brazilian ones without the country code, others with it. A text that is not a number
    is returned unchanged."""
    try:
        parsed = phonenumbers.parse(number, "BR")
    except phonenumbers.NumberParseException:
        return number
    form = phonenumbers.PhoneNumberFormat
    text = phonenumbers.format_number(parsed, form.NATIONAL if parsed.country_code == BRAZIL else form.INTERNATIONAL)
    return f"{text} ramal {extension}" if extension else text


def national_digits(e164: str) -> str:
    """The digits that people dictate: without the country's code in Brazil, all of them elsewhere."""
    return e164.removeprefix(f"+{BRAZIL}").lstrip("+")


def _plain(char: str) -> str:
    """The ASCII form of a digit, dash, blank or bracket; empty for an invisible character."""
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(char)
    if category == "Cf":
        return ""
    if char.isspace():
        return " "
    if category == "Pd" or char == "\N{MINUS SIGN}":
        return "-"
    return {"＋": "+", "（": "(", "）": ")", "．": ".", "＃": "#"}.get(char, char)


def _number(text: str, completed: bool) -> str | None:
    """E.164; `completed`: a mobile written before 2016 gains its ninth digit."""
    text = text.strip()
    if NO_AREA.match(text) or AREA_LAST.match(text):
        return None
    text = AREA_SLASH.sub(r"\1 ", ANY_CARRIER.sub("0", text, count=1), count=1)
    if not WRITTEN.fullmatch(text):
        return None
    for candidate in _candidates(text):
        found = _valid(candidate, completed)
        if found is not None:
            return found
    return None


def _candidates(text: str) -> Iterator[str]:
    """The numbers that the text may mean when it is dialled from Brazil, the likeliest first."""
    digits = re.sub("[^0-9]", "", text)
    if text.startswith("+") or not digits.startswith("00"):
        yield text
        return
    abroad = [digits[2:], *([digits[4:]] if CARRIER.match(digits, 2) else [])]
    yield from (candidate for candidate in (f"+{number}" for number in abroad) if _certain(candidate))


def _certain(candidate: str) -> bool:
    """Whether a candidate after an exit code is a valid number; others are refused, as their digits are ambiguous."""
    try:
        parsed = phonenumbers.parse(candidate)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed) or _old_mobile(parsed) is not None


def _valid(text: str, completed: bool) -> str | None:
    try:
        parsed = phonenumbers.parse(text, "BR")
    except phonenumbers.NumberParseException:
        return None
    if parsed.extension:
        return None
    old = _old_mobile(parsed)
    if old is not None:
        if not completed:
            return None
        parsed = old
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) if _exists(parsed) else None


def _old_mobile(parsed: phonenumbers.PhoneNumber) -> phonenumbers.PhoneNumber | None:
    """The number of a Brazilian mobile with the ninth digit, which is general since 2016, where it was written without
    it; else None. Landlines begin with 2 to 5."""
    national = phonenumbers.national_significant_number(parsed)
    if parsed.country_code != BRAZIL or not OLD_MOBILE.fullmatch(national):
        return None
    return phonenumbers.parse(f"+{BRAZIL}{national[:2]}9{national[2:]}")


def _exists(parsed: phonenumbers.PhoneNumber) -> bool:
    """Whether the number can exist: by the numbering plan in Brazil, by its length elsewhere, since other plans change
    too often."""
    if parsed.country_code == BRAZIL:
        return phonenumbers.is_valid_number(parsed)
    return phonenumbers.is_possible_number_with_reason(parsed) == phonenumbers.ValidationResult.IS_POSSIBLE
