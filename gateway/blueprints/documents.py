"""What all blueprints share: relayed answers, the problem schema, query strings of pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, jsonify, make_response
from flask_smorest import Blueprint  # type: ignore[import-untyped, unused-ignore]
from marshmallow import fields, validate

from services.chassis.schemas import Result, Strict


class JsonBlueprint(Blueprint):  # type: ignore[misc, unused-ignore]
    """Documents the response's schema without dumping again: services answer JSON shaped by that very schema."""

    def response(self, status_code: int, schema: Any = None, **options: Any) -> Callable[[Any], Any]:
        document = super().response(status_code, schema, **options)

        def decorate(view: Any) -> Any:
            @wraps(view)
            def relay(*args: Any, **kwargs: Any) -> Response:
                result = view(*args, **kwargs)
                return result if isinstance(result, Response) else versioned(result, status_code)

            return document(relay)

        return decorate


def versioned(result: Any, status_code: int = 200) -> Response:
    """JSON, with the record's version as its ETag."""
    answer = make_response(jsonify(result), status_code)
    if isinstance(result, dict) and "version" in result:
        answer.set_etag(str(result["version"]))
    return answer


class Problem(Result):
    """RFC 9457."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    code = fields.String()
    detail = fields.String()
    request_id = fields.String()
    fields_ = fields.Dict(data_key="fields")
    fields_omitted = fields.Integer()
    params = fields.Dict()


class PageQuery(Strict):
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=100))
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=400))


REFUSALS = {
    401: "Não autenticado",
    403: "Sem permissão",
    404: "Não encontrado",
    409: "Conflito",
    412: "Versão alterada",
    429: "Requisições demais",
}
UPLOAD_REFUSALS = {400: "Requisição malformada", 413: "Conteúdo grande demais"}
TROUBLES = {422: "Dados inválidos", 429: "Requisições demais", 503: "Serviço indisponível"}


def refuses(blp: Blueprint, *statuses: int) -> Callable[[Any], Any]:
    """Names a route's problem responses: the given ones, and those that every route has."""

    def mark(view: Any) -> Any:
        for status in (401, 403, 422, 503, *statuses):
            description = {**REFUSALS, **UPLOAD_REFUSALS, **TROUBLES}[status]
            view = blp.alt_response(
                status, schema=Problem, description=description, content_type="application/problem+json"
            )(view)
        return view

    return mark
