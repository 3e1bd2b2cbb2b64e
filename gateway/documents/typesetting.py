"""Typesetting of PDFs by reportlab: paragraphs whose signs are each set in a font that has it, and pages (ADR 0015)."""

from __future__ import annotations

import io
import unicodedata
from functools import cache
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate

FONTS = Path(__file__).parent / "fonts"
PLAIN, BOLD, EMOJI = "DejaVu", "DejaVuBold", "NotoEmoji"
MISSING = "□"
BLANKS = "\t "
# Signs that join emoji or choose their look or skin: emoji are drawn one by one here, so these are removed.
JOINERS = dict.fromkeys((0x200D, 0x20E3, 0xFE0E, 0xFE0F, *range(0x1F3FB, 0x1F400)))
MARGIN = 18 * mm


def line(text: str, style: ParagraphStyle) -> Paragraph:
    """A paragraph in which each sign is set in a font that has it."""
    plain = _glyphs()
    runs = groupby(printable(text), lambda sign: ord(sign) in plain or sign in BLANKS)
    written = (("".join(signs), of_text) for of_text, signs in runs)
    return Paragraph(
        "".join(escape(run) if of_text else f'<font name="{EMOJI}">{escape(run)}</font>' for run, of_text in written),
        style,
    )


def _legible(text: str) -> str:
    """`text` without control characters (a blank instead) and without format characters, which have no width."""
    visible = (sign for sign in text.translate(JOINERS) if unicodedata.category(sign) != "Cf")
    return "".join(sign if sign.isprintable() or sign == "\t" else " " for sign in visible)


def printable(text: str) -> str:
    """`text` with MISSING in place of each sign that no font has."""
    known = _glyphs() | _emoji()
    return "".join(sign if ord(sign) in known or sign in BLANKS else MISSING for sign in _legible(text))


def build_pdf(story: list[Flowable], title: str, numbered: bool = True) -> bytes:
    target = io.BytesIO()
    document = SimpleDocTemplate(
        target, pagesize=A4, title=title, author="Vínculo", lang="pt-BR",
        leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
    )  # fmt: skip
    foot = _foot if numbered else _no_foot
    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return target.getvalue()


def _foot(canvas: Canvas, document: SimpleDocTemplate) -> None:
    canvas.setFont(PLAIN, 8)
    canvas.drawRightString(A4[0] - MARGIN, 10 * mm, f"Página {canvas.getPageNumber()}")


def _no_foot(canvas: Canvas, document: SimpleDocTemplate) -> None:
    """Nothing."""


@cache
def register_fonts() -> None:
    pdfmetrics.registerFont(TTFont(PLAIN, FONTS / "DejaVuSans.ttf"))
    pdfmetrics.registerFont(TTFont(BOLD, FONTS / "DejaVuSans-Bold.ttf"))
    pdfmetrics.registerFont(TTFont(EMOJI, FONTS / "NotoEmoji-Regular.ttf"))


@cache
def _glyphs() -> frozenset[int]:
    """The code points that both the plain and the bold font have."""
    register_fonts()
    faces = [pdfmetrics.getFont(name).face.charToGlyph for name in (PLAIN, BOLD)]
    return frozenset(faces[0]) & frozenset(faces[1])


@cache
def _emoji() -> frozenset[int]:
    register_fonts()
    return frozenset(pdfmetrics.getFont(EMOJI).face.charToGlyph)
