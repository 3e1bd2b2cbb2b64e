"""Answers every error as problem+json (RFC 9457): a status by the kind of failure, a stable code, a pt-BR detail."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, Response, g, json, request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge, UnsupportedMediaType

from gateway.http.request_rules import PreconditionMissing
from gateway.http.serving import refusals
from services.chassis.errors import Failure, Internal
from services.chassis.observability.logs import place_of

log = logging.getLogger(__name__)

STATUS: dict[str, tuple[int, str]] = {
    "invalid": (422, "Dados inválidos"),
    "unauthenticated": (401, "Não autenticado"),
    "forbidden": (403, "Sem permissão"),
    "not_found": (404, "Não encontrado"),
    "conflict": (409, "Conflito"),
    "malformed": (400, "Requisição malformada"),
    "method": (405, "Método não aceito"),
    "unconditional": (428, "Versão não informada"),
    "too_large": (413, "Conteúdo grande demais"),
    "unsupported": (415, "Formato não aceito"),
    "rate": (429, "Requisições demais"),
    "unavailable": (503, "Serviço indisponível"),
    "deadline_exceeded": (503, "Serviço indisponível"),
    "internal": (500, "Erro interno"),
    "failure": (500, "Erro interno"),
}
RETRY_AFTER_SECONDS = 2
# Members of a 412: who changed the record since the caller saw it, when, and which fields.
LAST_CHANGE = ("changed_by", "changed_at", "changed_fields")
# If-Match for any version. With it, a version in the body was refused, which is a 409.
ANY = "*"
# The most messages about fields in one problem, and the longest name in it that the caller chose.
MESSAGES, NAME_CHARACTERS = 50, 100

# Refusals of Flask, werkzeug and webargs: status -> kind, code, detail.
HTTP: dict[int, tuple[str, str, str]] = {
    400: ("malformed", "request_malformed", "A requisição não pôde ser lida."),
    401: ("unauthenticated", "token_missing", "Entre com seu usuário para continuar."),
    403: ("forbidden", "permission_missing", "Você não tem permissão para esta ação."),
    404: ("not_found", "route_not_found", "Este endereço não existe."),
    405: ("method", "method_not_allowed", "Este endereço não aceita este método."),
    411: ("malformed", "length_required", "Informe o tamanho do conteúdo (Content-Length)."),
    413: ("too_large", "body_too_large", "O conteúdo enviado é grande demais."),
    415: ("unsupported", "media_type_unsupported", "Envie application/json."),
    422: ("invalid", "input_invalid", "Há campos inválidos."),
    428: ("unconditional", PreconditionMissing.problem_code, PreconditionMissing.detail),
    429: ("rate", "too_many_requests", "Muitas requisições seguidas; aguarde e tente de novo."),
}


class Malformed(BadRequest):
    """400 with a code of its own."""

    def __init__(self, problem_code: str, detail: str) -> None:
        super().__init__()
        self.problem_code, self.detail = problem_code, detail


class TooLarge(RequestEntityTooLarge):
    """413 with a code of its own."""

    def __init__(self, problem_code: str, detail: str) -> None:
        super().__init__()
        self.problem_code, self.detail = problem_code, detail


class UnsupportedMedia(UnsupportedMediaType):
    """415 with a detail that names the media type to send."""

    problem_code = "media_type_unsupported"

    def __init__(self, detail: str) -> None:
        super().__init__()
        self.detail = detail


def of_failure(failure: Failure) -> tuple[dict[str, Any], int]:
    """The problem of a Failure, and its HTTP status."""
    status, title = STATUS[failure.kind]
    problem = _problem(status, title, failure.code, failure.detail)
    problem |= _bounded(failure.params.get("fields"))
    others = {key: value for key, value in failure.params.items() if key != "fields"}
    return ({**problem, "params": others} if others else problem), status


def register(app: Flask) -> None:
    app.register_error_handler(Failure, _on_failure)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(ParseException, _on_broken_body)
    app.register_error_handler(Exception, _on_defect)


def _on_failure(failure: Failure) -> Response:
    problem, status = of_failure(failure)
    if failure.code in ("version_changed", "draft_changed") and request.headers.get("If-Match", ANY).strip() != ANY:
        status = 412
        problem.update(status=status, title="Versão alterada", current_version=failure.params.get("version"))
        problem |= {name: failure.params[name] for name in LAST_CHANGE if name in failure.params}
    wait = failure.params.get("retry_after")
    return _response(problem, status, {"Retry-After": str(wait)} if wait else {})


def _on_http(error: HTTPException) -> Response:
    status = error.code or 500
    if status >= 500:
        return _on_defect(error)
    kind, code, detail = HTTP.get(status, ("malformed", f"http_{status}", "A requisição foi recusada."))
    if isinstance(error, Malformed | TooLarge | UnsupportedMedia):
        code, detail = error.problem_code, str(error.detail)
    problem = _problem(status, STATUS[kind][1], code, detail)
    problem |= _bounded(_fields(error))
    allowed = getattr(error, "valid_methods", None)
    return _response(problem, status, {"Allow": ", ".join(sorted(allowed))} if allowed else {})


def _on_broken_body(error: ParseException) -> Response:
    """A body whose framing gunicorn finds wrong where it is read; gunicorn ends the connection behind it."""
    code = refusals.code_of(error)
    line, title, detail = refusals.REFUSALS[code]
    status = int(line[:3])
    return _response(_problem(status, title, code, detail), status, {})


def _fields(error: HTTPException) -> dict[str, Any]:
    """The messages of each field that webargs collected, without the level "json" or "query" above them.

    A list instead is webargs' own English message about the whole body, and is left out.
    """
    messages = (getattr(error, "data", None) or {}).get("messages") or {}
    for place in ("json", "query"):
        messages = messages.get(place, messages)
    return messages if isinstance(messages, dict) else {}


def _bounded(messages: Any) -> dict[str, Any]:
    """`fields` with the first messages, and `fields_omitted`, how many more there were."""
    if not messages:
        return {}
    first, count = _first(messages, MESSAGES)
    return {"fields": first, "fields_omitted": count - MESSAGES} if count > MESSAGES else {"fields": first}


def _first(messages: Any, room: int) -> tuple[Any, int]:
    """The first `room` texts of nested messages, nested as before, or None; and how many there are in all."""
    if isinstance(messages, dict):
        named, count = {}, 0
        for name, inner in messages.items():
            part, more = _first(inner, room - count)
            count += more
            if part is not None:
                named[str(name)[:NAME_CHARACTERS]] = part
        return named or None, count
    if isinstance(messages, list):
        listed, count = [], 0
        for inner in messages:
            part, more = _first(inner, room - count)
            count += more
            if part is not None:
                listed.append(part)
        return listed or None, count
    return (messages if room > 0 else None), 1


def _on_defect(error: Exception) -> Response:
    """Answers 500 and logs the error by its type and place only: its text may hold personal data."""
    log.error("defect: %s in request %s at %s", type(error).__name__, g.get("request_id"), place_of(error))
    problem, status = of_failure(Internal("internal_error", "Erro interno; a equipe foi avisada."))
    return _response(problem, status, {})


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
    if status in (429, 503):
        headers.setdefault("Retry-After", str(RETRY_AFTER_SECONDS))
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    body = json.dumps(problem)
    return Response(body, status, headers, content_type="application/problem+json")
