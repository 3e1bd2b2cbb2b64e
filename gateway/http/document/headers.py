"""The headers that a route honours, as parameters of its operation. Every request may bear X-Request-Id as well."""

from __future__ import annotations

from typing import Any

from gateway.http import request_rules
from gateway.http.document.answers import operations

IDEMPOTENCY_KEY, IF_MATCH, GRANT, IF_NONE_MATCH = "Idempotency-Key", "If-Match", "X-Supervisor-Grant", "If-None-Match"
# name: (description, pattern); one that HTTP passes over where it is malformed (RFC 9110, 13.1.2) has none
TOLD = {
    IDEMPOTENCY_KEY: (
        "Uma chave sua para esta operação: repetida com o mesmo corpo, responde o primeiro resultado, e nada é feito "
        "de novo.",
        "^[!-~]{1,200}$",
    ),
    IF_MATCH: (
        "O ETag da versão que se viu: se o registro mudou depois disso, a resposta é 412 e nada é gravado; * aceita "
        "qualquer versão.",
        r'^(?:\*|(?:W/)?"[0-9]{1,9}(?:-[0-9a-f]{1,64})?(?::[a-z]{1,10})?")$',
    ),
    GRANT: ("A aprovação de um supervisor para esta operação, obtida em POST /v1/approvals.", "^[!-~]{1,4096}$"),
    IF_NONE_MATCH: ("O ETag que já se tem: se ainda é o mesmo, a resposta é 304, sem corpo.", ""),
}
JSON = "application/json"
UNCHANGED = "O mesmo que o cliente já tem (If-None-Match)"
# Marks of a route (blueprint.py) that say which headers it honours beside those of its form; taken out of the document.
ALSO, SECRET, EDITS = "x-honours", "x-secret", "x-edits"


def honoured(verb: str, operation: dict[str, Any]) -> list[str]:
    """Takes the marks out of the operation."""
    also: list[str] = operation.pop(ALSO, [])
    keeps_answers = verb != "get" and not operation.pop(SECRET, False)
    names = [IDEMPOTENCY_KEY] if keeps_answers else []
    if "412" in map(str, operation.get("responses", ())):
        names.append(IF_MATCH)
    return [*names, *also]


def put_into(document: dict[str, Any]) -> None:
    """Adds to the finished document, in place, what every read of JSON honours (transfer.py)."""
    for _, verb, operation in operations(document):
        if verb == "get" and JSON in operation["responses"].get("200", {}).get("content", {}):
            operation.setdefault("parameters", []).append(parameter(IF_NONE_MATCH))
            operation["responses"] = dict(sorted({**operation["responses"], "304": {"description": UNCHANGED}}.items()))


def parameter(name: str, required: bool = False) -> dict[str, Any]:
    description, pattern = TOLD[name]
    schema = {"type": "string", "pattern": pattern} if pattern else {"type": "string"}
    return {"in": "header", "name": name, "required": required, "description": description, "schema": schema}


def edits(verb: str, operation: dict[str, Any]) -> bool:
    """Whether the operation needs If-Match (request_rules.needs_version). Removes the mark from the operation."""
    marked = operation.pop(EDITS, True)
    return bool(marked and verb.upper() in request_rules.EDITS and "412" in map(str, operation.get("responses", ())))
