"""Makes a PDF of an attendance (row A15), with or without its entries.

This runs in a thread of the gateway, never in a service: there it would block every other green thread (ADR 0015).
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, HRFlowable, Paragraph, SimpleDocTemplate, Spacer, Table

from gateway.attendance import report_content
from gateway.attendance.report_content import AttendanceReport

FONTS = Path(__file__).parents[1] / "documents" / "fonts"
PLAIN, BOLD, EMOJI = "DejaVu", "DejaVuBold", "NotoEmoji"
MISSING = "□"
BLANKS = "\t "
# Signs that join emoji or choose their look or skin: emoji are drawn one by one here, so these are removed.
JOINERS = dict.fromkeys((0x200D, 0x20E3, 0xFE0E, 0xFE0F, *range(0x1F3FB, 0x1F400)))
UNPRINTABLE = "Os sinais □ não existem na fonte deste documento."
MARGIN = 18 * mm

TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=14, leading=18, spaceAfter=6)
HEAD = ParagraphStyle("head", fontName=BOLD, fontSize=8.5, leading=12, spaceBefore=6, keepWithNext=True)
BODY = ParagraphStyle("body", fontName=PLAIN, fontSize=9, leading=12, splitLongWords=True)
NOTE = ParagraphStyle("note", fontName=PLAIN, fontSize=8, leading=11, textColor=colors.grey)


def as_pdf(paper: AttendanceReport, entries: Sequence[dict[str, Any]] | None, complete: bool = True) -> bytes:
    """The PDF. `entries`: the oldest first, None to print without them; `complete`: whether they are all."""
    _register_fonts()
    attendance = paper.attendance
    story: list[Flowable] = [_line(f"Atendimento nº {attendance['reference']} — {attendance['subject']}", TITLE)]
    story += [_table(_facts(paper)), Spacer(1, 4 * mm)]
    if entries is not None:
        story += _entries(paper, entries, complete)
    if any(MISSING in _printable(text) and MISSING not in text for text in _lines_of(paper, entries or ())):
        story.append(_line(UNPRINTABLE, NOTE))
    return _built(story, f"Atendimento {attendance['reference']}")


def _lines_of(paper: AttendanceReport, entries: Sequence[dict[str, Any]]) -> Iterator[str]:
    """All texts that people wrote."""
    yield paper.attendance["subject"]
    yield from (value for _, value in _facts(paper))
    for entry in entries:
        yield from (report_content.author(entry), entry["text"])
        yield from (one["name"] for one in entry.get("attachments") or ())


def _facts(paper: AttendanceReport) -> Iterator[tuple[str, str]]:
    attendance, person = paper.attendance, paper.person
    code = f" (código {person['code']})" if person.get("code") else ""
    yield "Pessoa", f"{person['name']}{code}"
    yield "CPF/CNPJ", person.get("document") or ""
    yield "E-mail", report_content.email(person)
    yield "Telefone", report_content.phone(person)
    yield "Contato", attendance.get("contact") or report_content.contact(person)
    yield "Cidade/UF", report_content.place(person)
    yield "Situação", report_content.STATUS.get(attendance["state"], attendance["state"])
    yield "Aberto em", paper.moment(attendance["opened_at"])
    yield "Encerrado em", paper.moment(attendance["closed_at"])


def _entries(paper: AttendanceReport, entries: Sequence[dict[str, Any]], complete: bool) -> Iterator[Flowable]:
    yield _line("Pareceres", HEAD)
    if not complete:
        yield _line(f"Só os {len(entries)} mais recentes.", NOTE)
    if not entries:
        yield _line("Nenhum parecer.", BODY)
    for entry in entries:
        yield HRFlowable(width="100%", thickness=0.3, color=colors.lightgrey, spaceBefore=3, spaceAfter=2)
        kind = report_content.KINDS.get(entry["kind"], entry["kind"])
        yield _line(f"{paper.moment(entry['recorded_at'])} — {report_content.author(entry)} — {kind}", HEAD)
        for line in entry["text"].splitlines():
            yield _line(line, BODY) if line.strip() else Spacer(1, 2 * mm)
        if entry.get("attachments"):
            yield _line("Anexos: " + "; ".join(one["name"] for one in entry["attachments"]), NOTE)


def _table(facts: Iterator[tuple[str, str]]) -> Table:
    rows = [[_line(name, HEAD), _line(value, BODY)] for name, value in facts if value]
    return Table(
        rows,
        colWidths=[32 * mm, None],
        style=[("VALIGN", (0, 0), (-1, -1), "BOTTOM"), ("TOPPADDING", (0, 0), (-1, -1), 0)],
    )


def _line(text: str, style: ParagraphStyle) -> Paragraph:
    """A paragraph in which each sign is set in a font that has it."""
    plain = _glyphs()
    runs = groupby(_printable(text), lambda sign: ord(sign) in plain or sign in BLANKS)
    written = (("".join(signs), of_text) for of_text, signs in runs)
    return Paragraph(
        "".join(escape(run) if of_text else f'<font name="{EMOJI}">{escape(run)}</font>' for run, of_text in written),
        style,
    )


def _legible(text: str) -> str:
    """`text` without control characters (a blank instead) and without format characters, which have no width."""
    visible = (sign for sign in text.translate(JOINERS) if unicodedata.category(sign) != "Cf")
    return "".join(sign if sign.isprintable() or sign == "\t" else " " for sign in visible)


def _printable(text: str) -> str:
    """`text` with MISSING in place of each sign that no font has."""
    known = _glyphs() | _emoji()
    return "".join(sign if ord(sign) in known or sign in BLANKS else MISSING for sign in _legible(text))


def _built(story: list[Flowable], title: str) -> bytes:
    target = io.BytesIO()
    document = SimpleDocTemplate(
        target, pagesize=A4, title=title, author="Vínculo", lang="pt-BR",
        leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
    )  # fmt: skip
    document.build(story, onFirstPage=_foot, onLaterPages=_foot)
    return target.getvalue()


def _foot(canvas: Canvas, document: SimpleDocTemplate) -> None:
    canvas.setFont(PLAIN, 8)
    canvas.drawRightString(A4[0] - MARGIN, 10 * mm, f"Página {canvas.getPageNumber()}")


@cache
def _register_fonts() -> None:
    pdfmetrics.registerFont(TTFont(PLAIN, FONTS / "DejaVuSans.ttf"))
    pdfmetrics.registerFont(TTFont(BOLD, FONTS / "DejaVuSans-Bold.ttf"))
    pdfmetrics.registerFont(TTFont(EMOJI, FONTS / "NotoEmoji-Regular.ttf"))


@cache
def _glyphs() -> frozenset[int]:
    """The code points that both the plain and the bold font have."""
    _register_fonts()
    faces = [pdfmetrics.getFont(name).face.charToGlyph for name in (PLAIN, BOLD)]
    return frozenset(faces[0]) & frozenset(faces[1])


@cache
def _emoji() -> frozenset[int]:
    _register_fonts()
    return frozenset(pdfmetrics.getFont(EMOJI).face.charToGlyph)
