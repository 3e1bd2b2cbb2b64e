"""What a PDF shows and where: read back with pypdf, measured with the widths that its fonts say."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pypdf import PageObject, PdfReader


def text_of(pdf: bytes) -> str:
    found = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return found.replace("\0", "")  # pypdf reads a font with a sign that it lacks byte by byte


def fonts_of(pdf: bytes) -> set[str]:
    """The names of the fonts that its texts are set in, without the mark of a subset."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    fonts = [font for page in pages for font in _fonts(page).values()]
    return {str(font["/BaseFont"]).lstrip("/").partition("+")[2] for font in fonts}


def off_the_page(pdf: bytes) -> list[str]:
    """The pieces of text that are drawn, wholly or in part, left or right of the paper."""
    return [where for page in PdfReader(io.BytesIO(pdf)).pages for where in _off(page)]


def _off(page: PageObject) -> list[str]:
    right = float(page.mediabox.right)
    widths = {name: _widths(font) for name, font in _fonts(page).items()}
    drawn: list[tuple[float, float]] = []
    using: list[Any] = ["", 0.0]

    def look(operator: bytes, operands: list[Any], current: list[float], own: list[float]) -> None:
        if operator == b"Tf":
            using[:] = operands[0], float(operands[1])
        if operator in (b"Tj", b"TJ"):
            of_sign, size = widths[using[0]], using[1]
            run = operands[0] if operator == b"TJ" else operands
            units = sum(-float(one) if not isinstance(one, bytes | str) else of_sign(one) for one in run)
            left, scale = own[4] * current[0] + current[4], abs(own[0] * current[0])
            drawn.append((left, left + units / 1000 * size * scale))

    page.extract_text(visitor_operand_before=look)
    assert drawn
    return [f"{begins:.0f} to {ends:.0f} of {right:.0f}" for begins, ends in drawn if begins < 0 or ends > right]


def _fonts(page: PageObject) -> dict[str, Any]:
    resources: Any = page["/Resources"]
    return {name: font.get_object() for name, font in (resources.get("/Font") or {}).items()}


def _widths(font: Any) -> Callable[[bytes | str], float]:
    """How wide a shown string is, in thousandths of the font's size."""
    if "/DescendantFonts" not in font:
        if "/Widths" not in font:  # a reader's own font, which reportlab names and does not use
            return lambda shown: 0.0
        first, of_simple = font["/FirstChar"], font["/Widths"]
        return lambda shown: sum(float(of_simple[sign - first]) for sign in _bytes(shown))
    of_glyph = _by_glyph(font["/DescendantFonts"][0].get_object())
    return lambda shown: sum(of_glyph[one] for one in _pairs(_bytes(shown)))


def _by_glyph(font: Any) -> Mapping[int, float]:
    """From the ranges `first [w w w]` and `first last w` of /W."""
    found: dict[int, float] = defaultdict(lambda: float(font.get("/DW", 1000)))
    given = list(font["/W"].get_object())
    while given:
        first, then = int(given.pop(0)), given.pop(0)
        if isinstance(then, list):
            found.update({first + place: float(width) for place, width in enumerate(then)})
        else:
            width = float(given.pop(0))
            found.update(dict.fromkeys(range(first, int(then) + 1), width))
    return found


def _bytes(shown: bytes | str) -> bytes:
    return shown if isinstance(shown, bytes) else shown.encode("latin-1")


def _pairs(shown: bytes) -> Iterator[int]:
    """Glyphs have numbers of two bytes."""
    return (int.from_bytes(shown[place : place + 2], "big") for place in range(0, len(shown), 2))
