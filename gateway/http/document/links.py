"""OpenAPI's links from the operation that creates a record to those that read, change and delete it.

Derived from the paths: the record of `POST /v1/persons` is at `/v1/persons/{person_id}`, that of
`POST /v1/persons/{person_id}/orders` at `/v1/orders/{order_id}`, and where neither is, at the one path whose reading
answers the same schema. A part of a record (an address of a person) has none: the answer is the whole record.
"""

from __future__ import annotations

from typing import Any

from gateway.http.document.answers import operations

JSON = "application/json"
CREATED = "201"
LEADS_TO = {"get": "Lê", "patch": "Altera", "put": "Altera", "delete": "Exclui"}


def put_into(document: dict[str, Any]) -> None:
    """Changes the document in place."""
    for path, verb, operation in operations(document):
        answer = operation["responses"].get(CREATED)
        if verb != "post" or answer is None or "id" not in _properties(document, answer):
            continue
        record = None if _is_part(document, path, operation) else _record_of(document, path, answer)
        if record is not None:
            answer["links"] = _links(document, record)


def _record_of(document: dict[str, Any], path: str, answer: dict[str, Any]) -> str | None:
    """The path of the created record; None where it cannot be derived."""
    paths: dict[str, Any] = document["paths"]
    last = path.rpartition("/")[2]
    for before in (path, f"/v1/{last}"):
        found = [one for one in paths if _one_id_longer(one, before)]
        if len(found) == 1:
            return found[0]
    same = [
        one for one in paths
        if one.count("{") == 1 and one.endswith("}") and _read(paths, one) == _schema(answer) != ""
    ]  # fmt: skip
    return same[0] if len(same) == 1 else None


def _is_part(document: dict[str, Any], path: str, operation: dict[str, Any]) -> bool:
    """Whether the answer is the record that the path is under. An act (`/duplicate`) answers another of its kind."""
    whole, _, last = path.rpartition("/")
    is_act = operation["operationId"].startswith(f"{last}_")
    return not is_act and _read(document["paths"], whole) == _schema(operation["responses"][CREATED]) != ""


def _one_id_longer(path: str, before: str) -> bool:
    """Whether the path is `before` and one more id."""
    rest = path.removeprefix(before)
    return path.startswith(before) and rest.startswith("/{") and rest.endswith("_id}") and rest.count("/") == 1


def _links(document: dict[str, Any], record: str) -> dict[str, Any]:
    *given, own = [part[1:-1] for part in record.split("/") if part.startswith("{")]
    parameters = {**{name: f"$request.path.{name}" for name in given}, own: "$response.body#/id"}
    verbs = document["paths"][record]
    return {
        verbs[verb]["operationId"]: {
            "operationId": verbs[verb]["operationId"],
            "parameters": parameters,
            "description": f"{word} o que foi criado",
        }
        for verb, word in LEADS_TO.items()
        if verb in verbs
    }


def _read(paths: dict[str, Any], path: str) -> str:
    """The schema of what is read at the path; "" where nothing is."""
    return _schema(paths.get(path, {}).get("get", {}).get("responses", {}).get("200", {}))


def _schema(answer: dict[str, Any]) -> str:
    found: str = answer.get("content", {}).get(JSON, {}).get("schema", {}).get("$ref", "")
    return found.rpartition("/")[2]


def _properties(document: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"].get(_schema(answer), {}).get("properties", {})
    return found
