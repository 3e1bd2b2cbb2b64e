"""A PDF with letters of a mailing (row N6), for persons without e-mail; each begins on a new page (ADR 0015).

The address lies in the upper third of the sheet, at the left, for a window envelope.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, PageBreak, Spacer

from gateway.documents.typesetting import BOLD, PLAIN, build_pdf, line, register_fonts

SENDER = ParagraphStyle("sender", fontName=BOLD, fontSize=12, leading=16)
DAY = ParagraphStyle("day", fontName=PLAIN, fontSize=10, leading=14, alignment=TA_RIGHT)
ADDRESS = ParagraphStyle("address", fontName=PLAIN, fontSize=10.5, leading=14)
SUBJECT = ParagraphStyle("subject", fontName=BOLD, fontSize=11, leading=15, spaceAfter=8)
BODY = ParagraphStyle("body", fontName=PLAIN, fontSize=10.5, leading=15, splitLongWords=True)
# From the sender's name to the address; room for the address, so that texts of all letters begin alike.
TO_ADDRESS, ADDRESS_LINES = 16 * mm, 6


def as_pdf(letters: Sequence[Mapping[str, Any]], responsible: str, day: str) -> bytes:
    """The PDF. `letters`: mappings with name, address, subject and text; `day`: the date as people write it."""
    register_fonts()
    story: list[Flowable] = []
    for letter in letters:
        story += _letter(letter, responsible, day)
    return build_pdf(story, f"Cartas — {responsible}", numbered=False)


def _letter(letter: Mapping[str, Any], responsible: str, day: str) -> Iterator[Flowable]:
    yield line(responsible, SENDER)
    yield line(day, DAY)
    yield Spacer(1, TO_ADDRESS)
    lines = [letter["name"], *address_lines(letter["address"])]
    for one in lines:
        yield line(one, ADDRESS)
    yield Spacer(1, (max(ADDRESS_LINES - len(lines), 0)) * ADDRESS.leading + 14 * mm)
    yield line(letter["subject"], SUBJECT)
    for one in letter["text"].splitlines():
        yield line(one, BODY) if one.strip() else Spacer(1, 3 * mm)
    yield PageBreak()


def address_lines(address: Mapping[str, Any]) -> list[str]:
    """The lines that the Correios want: street, number; complement, district; CEP city/UF; foreign country."""
    street = ", ".join(part for part in (address["street"], address["number"]) if part)
    inner = " — ".join(part for part in (address["complement"], address["district"]) if part)
    place = "/".join(part for part in (address["city"], address["state"]) if part)
    code = address["postal_code"]
    if address["country"] == "BR" and len(code) == 8 and code.isdigit():
        code = f"{code[:5]}-{code[5:]}"
    country = address["country"] if address["country"] != "BR" else ""
    return [one for one in (street, inner, f"{code} {place}".strip(), country) if one]
