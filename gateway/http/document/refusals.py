"""The statuses of refusals of each operation in the API document. Most follow from the operation's form, so no route
can forget them; its own ones are declared by `refuses`."""

from __future__ import annotations

from typing import Any

from apispec import APISpec, BasePlugin
from marshmallow import fields

from gateway.http.document import headers
from gateway.http.document.answers import VERBS
from services.chassis.references import Who
from services.chassis.schemas import SOMETIMES, Result

JSON = "application/json"
PROBLEM = "application/problem+json"
DESCRIPTIONS = {
    400: "Requisição malformada",
    401: "Não autenticado",
    403: "Sem permissão",
    404: "Não encontrado",
    408: "Tempo esgotado",
    409: "Conflito",
    411: "Tamanho não informado",
    412: "Versão alterada",
    413: "Conteúdo grande demais",
    414: "Endereço longo demais",
    415: "Formato não aceito",
    422: "Dados inválidos",
    428: "Versão não informada",
    429: "Requisições demais",
    431: "Cabeçalhos grandes demais",
    503: "Serviço indisponível",
}
ALWAYS = (400, 401, 403, 408, 414, 422, 429, 431, 503)
OF_BODIES = (411, 413, 415)
# A record named in the path, query or body may not exist, or its person be erased; an Idempotency-Key may be used up.
OF_RECORDS = (404, 409)


def statuses_of(verb: str, path: str, operation: dict[str, Any]) -> set[int]:
    """The problems' statuses that any route of this form can answer; the route names the others (`refuses`)."""
    statuses = {*ALWAYS}
    if "{" in path or any(parameter["name"].endswith("_id") for parameter in operation.get("parameters", ())):
        statuses.update(OF_RECORDS)
    if verb != "get":
        statuses.update(OF_RECORDS, OF_BODIES)  # a body is checked also where the route expects none
    return statuses


def problem_name(status: int) -> str:
    """The name of that status's response among the document's components."""
    return f"Problem{status}"


class Problem(Result):
    """A problem of RFC 9457."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True, metadata={"description": "Estável: é por ele que um programa decide"})
    detail = fields.String(required=True, metadata={"description": "Em português, para pessoas"})
    request_id = fields.String(required=True)
    fields_ = fields.Dict(data_key="fields", metadata={SOMETIMES: True, "description": "Mensagens de cada campo"})
    fields_omitted = fields.Integer(metadata={SOMETIMES: True})
    params = fields.Dict(metadata={SOMETIMES: True})
    current_version = fields.Integer(metadata={SOMETIMES: True, "description": "De um 412: a versão de agora"})
    changed_by = fields.Nested(Who, metadata={SOMETIMES: True, "description": "De um 412: quem fez a versão de agora"})
    changed_at = fields.DateTime(metadata={SOMETIMES: True, "description": "De um 412: quando foi feita"})
    changed_fields = fields.List(
        fields.String(),
        metadata={SOMETIMES: True, "description": "De um 412: o que mudou desde a versão vista"},
    )


class Refusals(BasePlugin):
    """Completes each operation once the other plugins, which come before it, have written it."""

    def init_spec(self, spec: APISpec) -> None:
        """Adds the problem responses, once for all operations."""
        self._spec = spec
        spec.components.schema("Problem", schema=Problem)
        for status, description in DESCRIPTIONS.items():
            body = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
            spec.components.response(problem_name(status), {"description": description, "content": body})

    def operation_helper(self, path: str | None = None, operations: dict[str, Any] | None = None, **_: Any) -> None:
        """Adds the problem responses to each operation, in place, as apispec's plugins do."""
        for verb, operation in (operations or {}).items():
            if verb in VERBS:
                self._set_body_required(operation)
                edits = headers.edits(verb, operation)
                honoured = headers.honoured(verb, operation)
                parameters = [headers.parameter(name, edits and name == headers.IF_MATCH) for name in honoured]
                operation.setdefault("parameters", []).extend(parameters)
                responses = operation.setdefault("responses", {})
                for status in sorted({*statuses_of(verb, path or "", operation), *([428] if edits else ())}):
                    responses.setdefault(str(status), problem_name(status))
                for parameter in operation.get("parameters", ()):
                    _without_null(parameter)

    def _set_body_required(self, operation: dict[str, Any]) -> None:
        """Marks a JSON body as required where any field of it is: where every field is optional, so is the body."""
        body = operation.get("requestBody", {})
        name = body.get("content", {}).get(JSON, {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
        if name:
            body["required"] = bool(self._spec.components.schemas[name].get("required"))


def _without_null(parameter: dict[str, Any]) -> None:
    """Removes null from a query parameter's schema, in place: a query string cannot say null."""
    schema = parameter.get("schema", {})
    kinds = schema.get("type")
    if parameter.get("in") == "query" and isinstance(kinds, list) and "null" in kinds:
        left = [kind for kind in kinds if kind != "null"]
        schema["type"] = left[0] if len(left) == 1 else left
        if schema.get("default", 0) is None:
            del schema["default"]
        if "enum" in schema:
            schema["enum"] = [value for value in schema["enum"] if value is not None]
