"""Makes a PDF of an attendance (row A15), with or without its entries.

This runs in a thread of the gateway, never in a service: there it would block every other green thread (ADR 0015).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, HRFlowable, Spacer, Table

from gateway.attendance import report_content
from gateway.attendance.report_content import AttendanceReport
from gateway.documents.typesetting import BOLD, MISSING, PLAIN, build_pdf, line, printable, register_fonts

UNPRINTABLE = "Os sinais □ não existem na fonte deste documento."

TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=14, leading=18, spaceAfter=6)
HEAD = ParagraphStyle("head", fontName=BOLD, fontSize=8.5, leading=12, spaceBefore=6, keepWithNext=True)
BODY = ParagraphStyle("body", fontName=PLAIN, fontSize=9, leading=12, splitLongWords=True)
NOTE = ParagraphStyle("note", fontName=PLAIN, fontSize=8, leading=11, textColor=colors.grey)


def as_pdf(paper: AttendanceReport, entries: Sequence[dict[str, Any]] | None, complete: bool = True) -> bytes:
    """The PDF. `entries`: the oldest first, None to print without them; `complete`: whether they are all."""
    register_fonts()
    attendance = paper.attendance
    story: list[Flowable] = [line(f"Atendimento nº {attendance['reference']} — {attendance['subject']}", TITLE)]
    story += [_table(_facts(paper)), Spacer(1, 4 * mm)]
    if entries is not None:
        story += _entries(paper, entries, complete)
    if any(MISSING in printable(text) and MISSING not in text for text in _lines_of(paper, entries or ())):
        story.append(line(UNPRINTABLE, NOTE))
    return build_pdf(story, f"Atendimento {attendance['reference']}")


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
    yield line("Pareceres", HEAD)
    if not complete:
        yield line(f"Só os {len(entries)} mais recentes.", NOTE)
    if not entries:
        yield line("Nenhum parecer.", BODY)
    for entry in entries:
        yield HRFlowable(width="100%", thickness=0.3, color=colors.lightgrey, spaceBefore=3, spaceAfter=2)
        kind = report_content.KINDS.get(entry["kind"], "Registro")
        yield line(f"{paper.moment(entry['recorded_at'])} — {report_content.author(entry)} — {kind}", HEAD)
        for written in entry["text"].splitlines():
            yield line(written, BODY) if written.strip() else Spacer(1, 2 * mm)
        if entry.get("attachments"):
            yield line("Anexos: " + "; ".join(one["name"] for one in entry["attachments"]), NOTE)


def _table(facts: Iterator[tuple[str, str]]) -> Table:
    rows = [[line(name, HEAD), line(value, BODY)] for name, value in facts if value]
    return Table(
        rows,
        colWidths=[32 * mm, None],
        style=[("VALIGN", (0, 0), (-1, -1), "BOTTOM"), ("TOPPADDING", (0, 0), (-1, -1), 0)],
    )
