"""Documents whose texts nobody foresaw: long ones without a break wrap, numbers stay on the paper, emoji print.

The pieces that a PDF draws are measured one by one (tests/support/pdf.py): none may leave the paper.
"""

from __future__ import annotations

from typing import Any

import pytest

from gateway.attendance.printing import as_pdf as attendance_pdf
from gateway.attendance.report_content import AttendanceReport
from gateway.documents.page import page
from gateway.documents.processes import render
from gateway.documents.variables import Facts, values
from services.sales.templates.model import built_in
from tests.support.builders.printed_attendance import ATTENDANCE, BRASILIA, ENTRY, PERSON
from tests.support.pdf import fonts_of, off_the_page, text_of

KEY = "35190678912345000123550010000000011234567893"
EMOJI = " 🎂🍞😀👩‍🍳❤️"
# wide and narrow signs; one that is written as an entity; no break where a hyphen would be one
HOSTILE = {
    "key of an NF-e": KEY,
    "2,000 digits": KEY * 46,
    "2,000 wide signs": "W" * 2_000,
    "entities": "&<>" * 700,
    "emoji": "🎂" * 700,
    "markup, right to left, no width": "<b>שלום</b>مرحبا\u200b\u202e" * 80,
    "ideographs": "漢" * 700,
}
LARGEST = {"quantity": "999999.9999", "unit_price": "999999999999.9999", "total": "999999999999.99"}
# what companies had before: columns of their own for code and description, numbers that never wrap
COPIED = """
<style>.itens { width: 100%; font-size: 9pt } .itens td { padding: 3pt } .direita { white-space: nowrap }</style>
<table class="itens">
{% for item in itens %}<tr><td>{{ item.produto }}</td><td>{{ item.descricao }}</td>
<td class="direita">{{ item.quantidade }}</td><td class="direita">{{ item.preco }}</td>
<td class="direita">{{ item.total }}</td></tr>{% endfor %}</table>
"""


def item(product: str, description: str, **fields: Any) -> dict[str, Any]:
    made = {"quantity": "2.5", "unit_price": "120.0000", "total": "270.00", "discount": {"percent": "10"}}
    return {"code": product[:60], "description": description[:300], "recurring": True, **made, **fields}


def facts(text: str, items: list[dict[str, Any]], total: str = "270.00") -> Facts:
    version = {
        "number": 2, "currency": "BRL", "made_at": "2031-03-05T12:00:00+00:00", "valid_until": "2031-03-20",
        "state": "in_approval", "notes": text[:4_000] + EMOJI, "made_by": {"id": "u1", "name": text[:150]},
        "basket": {"items": items, "subtotal": total, "total": "269.00"},
    }  # fmt: skip
    quote = {"number": 12, "version": version, "instalments": [{"due_on": "2031-03-05", "amount": total}]}
    opportunity = {
        "subject": text[:200], "stage": {"id": "s1", "name": text[:60]}, "contact_date": "2031-03-07", "amount": total,
        "currency": "BRL", "environment": text[:150], "means_of_contact": text[:60], "referral": text[:150],
    }  # fmt: skip
    address = {"kind": "main", "street": text[:150], "number": text[:20], "complement": text[:60], "state": "PR"}
    address |= {"district": text[:60], "city": text[:60], "postal_code": "80020-310"}
    person = {
        "name": text[:150] + EMOJI, "trade_name": text[:150], "code": 42, "document": "11222333000181",
        "emails": [{"address": f"{text[:60]}@{text[:60]}.example", "main": True}],
        "contacts": [{"name": text[:150], "main": True}], "addresses": [address],
    }  # fmt: skip
    actions = [{"due_on": None, "text": text[:1_000] + EMOJI}]
    source = {"quote": quote, "opportunity": opportunity, "actions": actions}
    return Facts({**source, "today": "2031-03-05", "time_zone": "America/Sao_Paulo"}, person,
                 {"name": text[:150]}, text[:150])  # fmt: skip


def pdf_of(kind: str, found: Facts, body: str | None = None) -> bytes:
    template = built_in(kind)
    made = render("padaria", template.subject, body or template.body, values(kind, found), pdf=True).pdf
    assert made is not None
    return made


CASES = [*(("quote", name) for name in HOSTILE), ("visit_sheet", "2,000 digits"), ("visit_sheet", "2,000 wide signs")]


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_no_text_pushes_anything_off_the_paper(kind: str, name: str) -> None:
    text = HOSTILE[name]
    made = pdf_of(kind, facts(text, [item(text, text), item("FORNO-2", text + EMOJI), item(text, "Forno")]))
    assert off_the_page(made) == []
    assert ("R$ 269,00" if kind == "quote" else "Anotações da visita") in text_of(made)
    assert {"Noto-Emoji", "DejaVu-Sans"} <= fonts_of(made)


def test_the_largest_amounts_stand_on_the_paper_whole_beside_the_longest_texts() -> None:
    amounts = {**LARGEST, "discount": {"amount": LARGEST["total"]}}
    made = pdf_of("quote", facts(KEY, [item(KEY, KEY * 7, **amounts)], LARGEST["total"]))
    assert off_the_page(made) == []
    assert text_of(made).count("R$ 999.999.999.999,99") >= 3
    assert "999.999,9999" in text_of(made)


def test_a_companys_own_template_keeps_its_numbers_on_the_paper_and_its_words_whole() -> None:
    made = pdf_of("quote", facts("x", [item("FORNO-2", "Forno elétrico"), item(KEY, KEY * 7)]), COPIED)
    assert off_the_page(made) == []
    assert "FORNO-2" in text_of(made)


def test_two_hundred_items_go_over_pages_under_their_headings_and_the_total_is_not_alone() -> None:
    made = pdf_of("quote", facts("Doce pão", [item("FORNO-2", f"Forno nº {n}") for n in range(200)]))
    found = text_of(made)
    assert off_the_page(made) == []
    assert all(f"Forno nº {n}" in found for n in range(200))
    last = found[found.rindex("Quantidade") :]
    assert "Forno nº 199" in last
    assert "R$ 269,00" in last


def test_nothing_is_put_into_a_text_that_may_break() -> None:
    found = page("x", f'<p title="{KEY} a>b">{KEY} &amp;{"é" * 20}</p><style>p {{ content: "{KEY}" }}</style>', "")
    assert f'<span style="overflow-wrap:anywhere">{KEY}</span>' in found
    assert f'content: "{KEY}"' in found
    assert "\u200b" not in found
    assert f'title="{KEY} a' in found


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_the_print_of_an_attendance_wraps_too(text: str) -> None:
    person = {**PERSON, "name": text[:150] + EMOJI, "emails": [{"address": f"{text[:200]}@x.example", "main": True}]}
    entry = {
        **ENTRY,
        "recorded_by": {"id": "u1", "name": text[:150]},
        "text": text + EMOJI,
        "attachments": [{"name": f"{text[:200]}.png"}],
    }
    shown = AttendanceReport({**ATTENDANCE, "subject": text[:200], "contact": text[:150]}, person, entry, BRASILIA)
    made = attendance_pdf(shown, [entry])
    assert off_the_page(made) == []
    assert "NotoEmoji-Regular" in fonts_of(made)
