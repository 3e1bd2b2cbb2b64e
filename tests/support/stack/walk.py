"""Requests for every operation of the API's document, with the ids of one world in all places that name a record."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import requests

from tests.support.pdf import text_of
from tests.support.stack.system import ROOT, Client

METHODS = ("get", "post", "put", "patch", "delete")
# What a body calls the record that a path calls otherwise.
ALIASES = {"related_id": "person_id", "ids": "opportunity_id", "attendance_ids": "attendance_id"}
# A person has one, too: in a body it is that of the record itself.
OWN = {"code"}
STRINGS = {"date": "2026-11-24", "date-time": "2026-11-24T10:00:00Z", "email": "alguem@empresa.example"}
NOWHERE = "nenhum"
TRIES, UNANSWERED = 5, (503, 504)


@dataclass(frozen=True)
class Case:
    """`named`: the paths' names of the ids that it names."""

    operation: str
    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    content: str = "application/json"
    named: frozenset[str] = frozenset()

    def send(self, client: Client) -> requests.Response:
        """Again where a service was too slow to say anything."""
        for _ in range(TRIES):
            answer = self._sent(client)
            if answer.status_code not in UNANSWERED:
                break
        return answer

    def _sent(self, client: Client) -> requests.Response:
        if self.content == "application/json":
            return client.request(self.method, self.path, params=self.params, json=self.body, timeout=60)
        headers = {"Content-Type": self.content}
        return client.request(self.method, self.path, params=self.params, data=b"x", headers=headers, timeout=60)


class Walk:
    """`given`: by operation, what a body or a query must say besides, for the request to reach its rule."""

    def __init__(self, given: Mapping[str, Mapping[str, Any]], document: Path = ROOT / "docs" / "openapi.json") -> None:
        self._document = json.loads(document.read_text())
        self._given = given

    def operations(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """ "GET /v1/persons", and what the document says of it."""
        for path, methods in self._document["paths"].items():
            shared = methods.get("parameters", [])
            for method in METHODS:
                if method in methods:
                    told = methods[method]
                    parameters = [*shared, *told.get("parameters", [])]
                    yield f"{method.upper()} {path}", {**told, "parameters": [*map(self._led, parameters)]}

    def cases(self, operation: str, told: dict[str, Any], ids: Mapping[str, str], words: str) -> Iterator[Case]:
        """One request with the ids in path and body; one more where its filters can name records or `words`."""
        method, path = operation.split(" ", 1)
        in_path = re.findall(r"{(\w+)}", path)
        for name in in_path:
            path = path.replace("{" + name + "}", ids.get(name, NOWHERE))
        queries = [one for one in told["parameters"] if one["in"] == "query"]
        given = self._given.get(operation, {})
        needed = {one["name"]: self._value(one["name"], one["schema"], ids) for one in queries if one.get("required")}
        content, body, named = self._body(told, ids, given)
        case = {"operation": operation, "method": method, "body": body, "content": content, "path": path}
        names = {*in_path, *named, *needed} & ids.keys()
        yield Case(**case, params=needed, named=frozenset(names))
        filters = {one["name"]: ids[one["name"]] for one in queries if one["name"] in ids}
        if any(one["name"] == "q" for one in queries):
            filters["q"] = words
        if filters:
            yield Case(**case, params={**needed, **filters}, named=frozenset({*names, *filters} & ids.keys()))

    def _body(
        self, told: dict[str, Any], ids: Mapping[str, str], given: Mapping[str, Any]
    ) -> tuple[str, Any, set[str]]:  # fmt: skip
        contents = told.get("requestBody", {}).get("content", {"application/json": {}})
        content = next(iter(contents))
        if content != "application/json" or "schema" not in contents[content]:
            return content, given.get("body"), set()
        body = self._example(contents[content]["schema"], ids)
        body = {**body, **given} if isinstance(body, dict) else body
        named = {ALIASES.get(name, name) for name in body.keys() - OWN} if isinstance(body, dict) else set()
        return content, body, named

    def _led(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            found: Any = self._document
            for part in schema["$ref"].split("/")[1:]:
                found = found[part]
            schema = found
        return schema

    def _example(self, schema: dict[str, Any], ids: Mapping[str, str]) -> Any:
        """What is required, and every field that names a record."""
        schema = self._led(schema)
        if schema.get("type") != "object":
            return self._value("", schema, ids)
        required, fields = schema.get("required", []), schema.get("properties", {})
        asked = [name for name in fields if name in required or ALIASES.get(name, name) in ids]
        return {name: self._value(name, fields[name], ids) for name in asked}

    def _value(self, name: str, schema: dict[str, Any], ids: Mapping[str, str]) -> Any:
        schema = self._led(schema)
        schema = next((self._led(one) for one in schema.get("anyOf", [])), schema)
        kind = schema.get("type")
        kind = kind[0] if isinstance(kind, list) else kind
        if kind == "array":
            return [self._value(name, schema["items"], ids)]
        if kind == "object":
            return self._example(schema, ids)
        if ALIASES.get(name, name) in ids:
            return ids[ALIASES.get(name, name)]
        return _plain(kind, schema)


def _plain(kind: str | None, schema: dict[str, Any]) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    if kind in ("number", "integer"):
        return 1
    if kind == "boolean":
        return False
    text = STRINGS.get(schema.get("format", ""), "palavra")
    return text[: schema.get("maxLength", 100)].ljust(schema.get("minLength", 0), "x")


def text_in(answer: requests.Response) -> str:
    """All that an answer says: its text, its headers, and what a PDF or an archive shows."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    content = answer.content
    if content.startswith(b"%PDF"):
        return f"{headers}\n{text_of(content)}"
    if content.startswith(b"PK\x03\x04"):
        with ZipFile(io.BytesIO(content)) as archive:
            return "\n".join([headers, *(archive.read(name).decode(errors="replace") for name in archive.namelist())])
    return f"{headers}\n{content.decode(errors='replace')}"
