"""What the API's document says beyond what its libraries know: how our own kinds of field are written in JSON, and
every status that a route can answer. Generated, so that no route can forget one."""

from __future__ import annotations

from typing import Any

from apispec import APISpec, BasePlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import fields

from services.chassis import inputs
from services.chassis.schemas import Result

JSON = "application/json"
PROBLEM = "application/problem+json"
VERBS = ("get", "post", "put", "patch", "delete")
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
    429: "Requisições demais",
    431: "Cabeçalhos grandes demais",
    503: "Serviço indisponível",
}
ALWAYS = (400, 401, 403, 408, 414, 422, 431, 503)
OF_BODIES = (411, 413, 415)
# A record that is named in the path, the query or the body may be gone, or its person be erased; a key may be used.
OF_RECORDS = (404, 409)


def statuses_of(verb: str, path: str, operation: dict[str, Any]) -> set[int]:
    """The problems that any route of this form answers; what else its rules refuse, the route names (`refuses`)."""
    found = {*ALWAYS}
    if "{" in path or any(parameter["name"].endswith("_id") for parameter in operation.get("parameters", ())):
        found.update(OF_RECORDS)
    if verb != "get":
        found.update(OF_RECORDS, OF_BODIES)  # a body is looked at where none is expected, too
    if "412" in operation.get("responses", {}):
        found.add(412)
    return found


def problem_name(status: int) -> str:
    """Under which the document keeps the response of that status."""
    return f"Problem{status}"


class Problem(Result):
    """RFC 9457."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True, metadata={"description": "Stable: what a program decides by"})
    detail = fields.String(required=True, metadata={"description": "In Portuguese, for people"})
    request_id = fields.String(required=True)
    fields_ = fields.Dict(data_key="fields")
    fields_omitted = fields.Integer()
    params = fields.Dict()


class Refusals(BasePlugin):
    """Completes each operation once the other plugins, which come before it, have written it."""

    def init_spec(self, spec: APISpec) -> None:
        """The problems, once for all operations."""
        self._spec = spec
        spec.components.schema("Problem", schema=Problem)
        for status, description in DESCRIPTIONS.items():
            body = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
            spec.components.response(problem_name(status), {"description": description, "content": body})

    def operation_helper(self, path: str | None = None, operations: dict[str, Any] | None = None, **_: Any) -> None:
        """In place, as apispec's plugins do."""
        for verb, operation in (operations or {}).items():
            if verb in VERBS:
                self._say_if_a_body_is_needed(operation)
                responses = operation.setdefault("responses", {})
                for status in sorted(statuses_of(verb, path or "", operation)):
                    responses.setdefault(str(status), problem_name(status))
                for parameter in operation.get("parameters", ()):
                    _without_null(parameter)

    def _say_if_a_body_is_needed(self, operation: dict[str, Any]) -> None:
        """In JSON: where every field may be left out, all of the body may."""
        body = operation.get("requestBody", {})
        name = body.get("content", {}).get(JSON, {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
        if name:
            body["required"] = bool(self._spec.components.schemas[name].get("required"))


def _without_null(parameter: dict[str, Any]) -> None:
    """Nobody can write null in a query string: what is not given is null."""
    schema = parameter.get("schema", {})
    kinds = schema.get("type")
    if parameter.get("in") == "query" and isinstance(kinds, list) and "null" in kinds:
        left = [kind for kind in kinds if kind != "null"]
        schema["type"] = left[0] if len(left) == 1 else left
        if schema.get("default", 0) is None:
            del schema["default"]
        if "enum" in schema:
            schema["enum"] = [one for one in schema["enum"] if one is not None]


def describe_kinds(converter: OpenAPIConverter) -> None:
    """To be called before any schema is registered."""
    converter.add_attribute_function(_of_kind)  # type: ignore[no-untyped-call, unused-ignore]


def _of_kind(_converter: Any, field: Any, ret: dict[str, Any], **_: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    null = ["null"] if field.allow_none else []
    if isinstance(field, inputs.Decimal):
        bounds = {name: float(ret[name]) for name in ("minimum", "maximum")}
        found = {"type": ["string", "number", *null], "pattern": _decimal(field.written_places), **bounds}
    elif isinstance(field, fields.Decimal):
        found = {"type": ["string", *null] if null else "string"}
    elif isinstance(field, inputs.Code):
        found = {"pattern": f"^(?:{field.form})$"}
    elif isinstance(field, inputs.Day):
        found = {"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
    return found


def _decimal(places: int) -> str:
    return rf"^[+-]?[0-9]{{1,20}}(\.[0-9]{{1,{max(places, 1)}}}0*)?$"
