"""A paper on its way to a browser, or into an e-mail."""

from __future__ import annotations

import base64
from typing import Any

from flask import Response, g

from gateway.documents import gathering
from gateway.documents.processes import Paper
from gateway.http import auth
from gateway.http.files import saved
from gateway.http.requests import send_command
from services.sales.documents import contract

FORMATS = ("html", "pdf")
# A company's HTML is nobody's page: without scripts, forms or an origin, it reaches nothing of ours and loads nothing.
PAGE_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


def as_response(paper: Paper, name: str) -> Response:
    """The PDF where there is one, as a file; else the page."""
    if paper.pdf is not None:
        return saved(paper.pdf, f"{name}.pdf", "application/pdf")
    headers = {"Content-Security-Policy": PAGE_POLICY}
    return Response(paper.html, headers=headers, content_type="text/html; charset=utf-8")


def document(kind: str, form: str, **ids: Any) -> Response:
    """Of a quote or an opportunity, in one of FORMATS."""
    context = auth.context()
    found = gathering.gather(context, kind, **ids)
    return as_response(gathering.paper_of(context, found, form == "pdf"), found.name)


def send(kind: str, to: list[str] | None, **ids: Any) -> Any:
    """Renders, and orders sales to send it: sales decides whether it may be sent, and its event carries the mail.

    What will be refused is not rendered; a repeated request gets its first answer even then.
    """
    context = auth.context()
    found = gathering.gather(context, kind, **ids)
    chosen = gathering.recipients(context, found, to, g.claims["login"])
    paper = None if found.refused else _mail(found, gathering.paper_of(context, found, pdf=True))
    asked = {"kind": kind, "recipients": chosen, "paper": paper, **ids}
    return send_command("sales", "send_document", contract.SendDocument, {}, **asked)


def _mail(found: gathering.Document, paper: Paper) -> dict[str, Any]:
    facts, subject = found.facts, paper.subject or found.name
    greeting, signature = f"Olá, {facts.person['name']}.", f"{facts.user_name}\n{facts.company['name']}"
    return {
        "subject": subject,
        "text": f"{greeting}\n\nSegue em anexo: {subject}\n\n{signature}",
        "html": paper.html,
        "pdf": base64.b64encode(paper.pdf or b"").decode(),
        "file_name": f"{found.name}.pdf",
        "template_id": found.template["id"],
        "template_name": found.template["name"],
    }
