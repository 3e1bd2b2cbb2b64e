"""Every error as RFC 9457 problem+json: one table from kind to status; a stable code and a pt-BR detail."""

from __future__ import annotations

import logging
import traceback
from typing import Any

from flask import Flask, Response, g, json
from werkzeug.exceptions import HTTPException

from services.chassis.errors import Failure, Internal

log = logging.getLogger(__name__)

STATUS: dict[str, tuple[int, str]] = {
    "invalid": (422, "Dados inválidos"),
    "unauthenticated": (401, "Não autenticado"),
    "forbidden": (403, "Sem permissão"),
    "not_found": (404, "Não encontrado"),
    "conflict": (409, "Conflito"),
    "unavailable": (503, "Serviço indisponível"),
    "deadline_exceeded": (503, "Serviço indisponível"),
    "internal": (500, "Erro interno"),
    "failure": (500, "Erro interno"),
}
RETRY_AFTER_SECONDS = 2

HTTP_CODES: dict[int, tuple[str, str]] = {
    400: ("request_malformed", "A requisição não pôde ser lida."),
    404: ("route_not_found", "Este endereço não existe."),
    405: ("method_not_allowed", "Este endereço não aceita este método."),
    413: ("body_too_large", "O conteúdo enviado é grande demais."),
    415: ("media_type_unsupported", "Envie application/json."),
    422: ("input_invalid", "Há campos inválidos."),
}


def of_failure(failure: Failure) -> tuple[dict[str, Any], int]:
    """The problem and its status."""
    status, title = STATUS[failure.kind]
    problem = _problem(status, title, failure.code, failure.detail)
    fields = failure.params.get("fields")
    if fields:
        problem["fields"] = fields
    others = {key: value for key, value in failure.params.items() if key != "fields"}
    return ({**problem, "params": others} if others else problem), status


def register(app: Flask) -> None:
    app.register_error_handler(Failure, _on_failure)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(Exception, _on_defect)


def _on_failure(failure: Failure) -> Response:
    problem, status = of_failure(failure)
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)} if status == 503 else {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return _response(problem, status, headers)


def _on_http(error: HTTPException) -> Response:
    status = error.code or 500
    code, detail = HTTP_CODES.get(status, (f"http_{status}", "A requisição foi recusada."))
    problem = _problem(status, error.name, code, detail)
    # flask-smorest and webargs carry the messages of each field here.
    messages = getattr(error, "data", {}).get("messages")
    if messages:
        problem["fields"] = messages.get("json") or messages.get("query") or messages
    return _response(problem, status, {})


def _on_defect(error: Exception) -> Response:
    """Logged by its type: its text may hold personal data, and is nobody's business outside."""
    log.error("defect: %s in request %s at %s", type(error).__name__, g.get("request_id"), _place(error))
    problem, status = of_failure(Internal("internal_error", "Erro interno; a equipe foi avisada."))
    return _response(problem, status, {})


def _place(error: BaseException) -> str:
    """File and line where it was raised, without its text."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"


def _problem(status: int, title: str, code: str, detail: str) -> dict[str, Any]:
    return {
        "type": f"urn:vinculo:problem:{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": g.get("request_id"),
    }


def _response(problem: dict[str, Any], status: int, headers: dict[str, str]) -> Response:
    body = json.dumps(problem)
    return Response(body, status, headers, content_type="application/problem+json")
