"""Whether an answer is what the API's document promises: a status that is named there, a body of its schema, and the
address of what was made."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any
from urllib.parse import quote, urlsplit

import jsonschema_rs
import requests

from tests.contract.write_openapi import COMMITTED

NAME = "urn:vinculo:openapi"
PARAMETER = re.compile(r"\{(\w+)\}")


def broken_promises(answer: requests.Response) -> list[str]:
    """What is not as promised; nothing where the document does not know the route."""
    verb, path = (answer.request.method or "").lower(), urlsplit(str(answer.request.url)).path
    template = _template_of(verb, path)
    if template is None:
        return []
    operation = f"{verb} {template}"
    responses = _document()["paths"][template][verb]["responses"]
    found = responses.get(str(answer.status_code))
    if found is None:
        return [f"{operation}: status {answer.status_code} is not promised"]
    if answer.status_code == 304:
        return []
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    content = _resolved(found).get("content", {})
    if "*/*" in content:
        return []
    if kind not in content:
        return [f"{operation}: {answer.status_code} in {kind!r}, not in {[*content]}"]
    if kind != "application/json" and not kind.endswith("+json"):
        return []
    errors = _validator(template, verb, str(answer.status_code), kind).iter_errors(answer.json())
    wrong = [f"{operation} {answer.status_code} at {'/'.join(map(str, one.instance_path))}: {one.message[:200]}"
             for one in errors]  # fmt: skip
    if not wrong and "Location" in found.get("headers", {}) and not _leads_to_it(answer):
        wrong.append(f"{operation} {answer.status_code}: Location {answer.headers.get('Location')!r}")
    return wrong


def _leads_to_it(answer: requests.Response) -> bool:
    """Whether Location is the address of a reading, with the id of what was made."""
    place = answer.headers.get("Location", "")
    return _template_of("get", place) is not None and place.rpartition("/")[2] == answer.json()["id"]


def operation_of(answer: requests.Response) -> dict[str, Any] | None:
    """What the document says of the request's operation; None where it does not know the route."""
    verb, path = (answer.request.method or "").lower(), urlsplit(str(answer.request.url)).path
    template = _template_of(verb, path)
    found: dict[str, Any] | None = None if template is None else _document()["paths"][template][verb]
    return found


@cache
def _document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(COMMITTED.read_text())
    return found


def _resolved(response: dict[str, Any]) -> dict[str, Any]:
    name = response.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = _document()["components"]["responses"][name] if name else response
    return found


@cache
def _routes() -> list[tuple[str, re.Pattern[str], str]]:
    """With fewer parameters first: a fixed path goes before one that would take its last part for an id."""
    found = []
    for template, verbs in sorted(_document()["paths"].items(), key=lambda one: len(PARAMETER.findall(one[0]))):
        pattern = re.compile("[^/]+".join(re.escape(part) for part in PARAMETER.split(template)[::2]))
        found += [(verb, pattern, template) for verb in verbs if verb != "parameters"]
    return found


def _template_of(verb: str, path: str) -> str | None:
    return next((template for known, pattern, template in _routes() if known == verb and pattern.fullmatch(path)), None)


@cache
def _validator(template: str, verb: str, status: str, kind: str) -> Any:
    """Of that answer's body; the document is read once for all of them."""
    response = _document()["paths"][template][verb]["responses"][status]
    place = response.get("$ref") or "#" + _pointer("paths", template, verb, "responses", status)
    reference = {"$ref": f"{NAME}{place}{_pointer('content', kind, 'schema')}"}
    return jsonschema_rs.Draft202012Validator(reference, registry=_registry(), validate_formats=True)


def _pointer(*names: str) -> str:
    """A JSON Pointer, as the fragment of an address."""
    return "".join("/" + quote(name.replace("~", "~0").replace("/", "~1"), safe="~") for name in names)


@cache
def problem_schema() -> Any:
    """A validator of what the document says of every refusal."""
    reference = {"$ref": f"{NAME}#/components/schemas/Problem"}
    return jsonschema_rs.Draft202012Validator(reference, registry=_registry(), validate_formats=True)


@cache
def _registry() -> Any:
    return jsonschema_rs.Registry([(NAME, {"$schema": "https://json-schema.org/draft/2020-12/schema", **_document()})])
