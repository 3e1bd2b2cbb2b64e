"""Renders the customers' pages as HTML: the values of a quote in Brazilian form, and the headers (rows S25, N6)."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from pathlib import Path
from typing import Any

from flask import Response
from jinja2 import Environment, FileSystemLoader

from gateway.documents import formatting
from services.chassis.errors import Failure
from services.chassis.phones import format_phone

Data = dict[str, Any]

FOLDER = Path(__file__).parent / "pages"
STYLE = (FOLDER / "page.css").read_text("utf-8")
# The pages load nothing and run no script: the style sheet is allowed by its hash, and pictures are inside the page.
POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; "
    "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The form's own key, by which a form that is sent twice counts once.
ONCE = re.compile(r"[0-9a-f]{32}")
TITLES = {
    "quote_link_not_found": "Link não encontrado",
    "quote_link_revoked": "Link cancelado",
    "quote_link_expired": "Link vencido",
    "opt_out_not_found": "Link não encontrado",
    "too_many_requests": "Aguarde um instante",
    "form_of_another_site": "Resposta não recebida",
}
FAILED = "Não foi possível agora"
STATES = {
    "open": "",
    "accepted": "Esta proposta foi aceita em {day}.",
    "refused": "Esta proposta foi recusada em {day}.",
    "expired": "Esta proposta venceu em {valid}. Peça uma nova à empresa.",
}
DONE = {"perguntar": "A sua pergunta foi enviada."}

_pages = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def page(values: Data, status: int = 200) -> Response:
    html = _pages.get_template(values["template"]).render(style=STYLE, **values)
    headers = {"Content-Security-Policy": POLICY, "X-Robots-Tag": "noindex, nofollow", "Content-Language": "pt-BR"}
    return Response(html, status, headers, content_type="text/html; charset=utf-8")


def refusal(failure: Failure) -> Data:
    """The page of a refusal."""
    known = failure.code in TITLES
    text = failure.detail if known else "Tente de novo em alguns minutos, ou fale com a empresa."
    return {"template": "refusal.html", "title": TITLES.get(failure.code, FAILED), "text": text}


def quote(
    token: str, shared: Any, company: Any, failure: Failure | None = None, form: Data | None = None, action: str = ""
) -> Data:  # fmt: skip
    """The page of a quote. `failure`: why the form was refused; its values (`form`) are shown again."""
    version, letterhead = shared["shown"], shared["letterhead"]
    currency, basket = version["currency"], version["basket"]
    valid, decided = formatting.date(version["valid_until"]), version["decided_at"]
    day = formatting.day_of(decided, shared["time_zone"]) if decided else ""
    return {
        "template": "quote.html",
        "token": token,
        "once": secrets.token_hex(16),
        "company": _company(letterhead, company),
        "logo": letterhead["logo"],
        "number": shared["quote_number"],
        "version": version["number"],
        "made_on": formatting.day_of(version["made_at"], shared["time_zone"]),
        "author": (version["made_by"] or {}).get("name") or "",
        "person": shared["person_name"],
        "valid_until": valid,
        "state": shared["state"],
        "told": STATES[shared["state"]].format(day=day, valid=valid),
        "items": [_item(item, currency) for item in basket["items"]],
        "subtotal": formatting.money(basket["subtotal"], currency),
        "discount": formatting.money(formatting.taken_off(basket), currency),
        "total": formatting.money(basket["total"], currency),
        "instalments": [
            {"day": formatting.date(one["due_on"]), "amount": formatting.money(one["amount"], currency)}
            for one in shared["instalments"]
        ],
        "notes": version["notes"],
        "conditions": letterhead["conditions"],
        "questions": shared["questions"],
        "hash": shared["document_hash"],
        "wrong": _wrong(failure) if failure else "",
        "form": form or {},
        "action": action,
    }


def _wrong(failure: Failure) -> str:
    """The refusal in words of the page, since a customer does not know the names of a schema's fields."""
    fields = failure.params.get("fields") or {}
    if "name" in fields:
        return "Escreva o seu nome (até 100 letras)."
    if "comment" in fields and failure.code == "input_invalid":
        return "O texto é longo demais (até 2.000 letras)."
    if failure.kind == "conflict" and failure.code not in OWN:
        return "Não foi possível registrar a resposta; fale com a empresa."
    return failure.detail


# Refusals whose own detail is also meant for customers.
OWN = ("quote_version_void", "quote_not_in_approval", "quote_expired", "quote_questions_too_many")


def _company(letterhead: Data, company: Any) -> Data:
    return {
        "name": letterhead["legal_name"] or company["name"],
        "document": formatting.document(letterhead["document"]),
        "phone": format_phone(letterhead["phone"]) if letterhead["phone"] else "",
        "email": letterhead["email"],
        "site": letterhead["site"],
        "address": letterhead["address"],
    }


def _item(item: Data, currency: str) -> Data:
    quantity = formatting.quantity(item["quantity"])
    return {
        "description": item["description"],
        "code": item["code"],
        "quantity": f"{quantity} {item['unit']}".strip(),
        "price": formatting.money(item["unit_price"], currency),
        "discount": formatting.discount(item["discount"], currency),
        "total": formatting.money(item["total"], currency),
        "monthly": item["recurring"],
    }
