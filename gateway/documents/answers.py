"""Answers a browser with a rendered document, or sends it by e-mail."""

from __future__ import annotations

import base64
from typing import Any

from flask import Response, g

from gateway.documents import gathering
from gateway.documents.processes import Paper
from gateway.http import auth
from gateway.http.downloads import as_download
from gateway.http.requests import send_command
from services.sales.documents import contract

FORMATS = ("html", "pdf")
# A company's HTML is shown without scripts, forms or an origin, so that it reaches nothing of ours and loads nothing.
PAGE_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


def as_response(paper: Paper, name: str) -> Response:
    """The paper's PDF as a file named `name`, or its HTML where it has no PDF."""
    if paper.pdf is not None:
        return as_download(paper.pdf, f"{name}.pdf", "application/pdf")
    headers = {"Content-Security-Policy": PAGE_POLICY}
    return Response(paper.html, headers=headers, content_type="text/html; charset=utf-8")


def document(kind: str, form: str, **ids: Any) -> Response:
    """The document of a quote or an opportunity (`ids`) in one of FORMATS; raises what gathering.py raises."""
    context = auth.context()
    gathered = gathering.gather(context, kind, **ids)
    return as_response(gathering.paper_of(context, gathered, form == "pdf"), gathered.name)


def send(kind: str, to: list[str] | None, **ids: Any) -> Any:
    """Renders a document and has sales send it: sales decides whether it may be sent, and its event carries the mail.

    `to`: addresses, None for the person's main one. A document that will be refused is not rendered, but the command
    is sent all the same: a repeated request must get its first answer.
    """
    context = auth.context()
    gathered = gathering.gather(context, kind, **ids)
    recipients = gathering.recipients(context, gathered, to, g.claims["login"])
    paper = None if gathered.refused else _mail(gathered, gathering.paper_of(context, gathered, pdf=True))
    command = {"kind": kind, "recipients": recipients, "paper": paper, **ids}
    return send_command("sales", "send_document", contract.SendDocument, {}, **command)


def _mail(document: gathering.Document, paper: Paper) -> dict[str, Any]:
    facts, subject = document.facts, paper.subject or document.name
    greeting, signature = f"Olá, {facts.person['name']}.", f"{facts.user_name}\n{facts.company['name']}"
    return {
        "subject": subject,
        "text": f"{greeting}\n\nSegue em anexo: {subject}\n\n{signature}",
        "html": paper.html,
        "pdf": base64.b64encode(paper.pdf or b"").decode(),
        "file_name": f"{document.name}.pdf",
        "template_id": document.template["id"],
        "template_name": document.template["name"],
    }
