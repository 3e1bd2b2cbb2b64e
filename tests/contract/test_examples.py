"""Every body of the document has an example, which passes the schema that the operation loads it with."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from marshmallow import Schema

from gateway.http.blueprint import accepted_by
from gateway.http.document.answers import operations
from gateway.http.document.example_values import BY_NAME, OF_SCHEMA
from gateway.http.document.examples import BODIES
from gateway.http.document.properties import DOES
from services.attendance.setup.contract import Configuration
from tests.contract.write_openapi import COMMITTED, application

DOCUMENT: dict[str, Any] = json.loads(COMMITTED.read_text())
# Bodies that the operation reads itself: YAML.
READ_BY_HAND = {"apply_configuration": Configuration()}


def examples() -> list[tuple[str, Any]]:
    """Of each operation with a body: its name and its example, None where it has none."""
    return [
        (operation["operationId"], body.get("example"))
        for _, _, operation in operations(DOCUMENT)
        for kind, body in operation.get("requestBody", {}).get("content", {}).items()
        if BODIES.fullmatch(kind)
    ]


@pytest.fixture(scope="module")
def app() -> Flask:
    return application()


def schema_of(app: Flask, name: str) -> Schema:
    """The schema that the operation loads its body with."""
    view = next(app.view_functions[rule.endpoint] for rule in app.url_map.iter_rules()
                if rule.endpoint.rpartition(".")[2] == name)  # fmt: skip
    return accepted_by(view).body or READ_BY_HAND[name]


def test_every_body_has_an_example() -> None:
    assert len(examples()) > 130
    assert [name for name, example in examples() if not example] == []


def test_every_example_passes_its_schema(app: Flask) -> None:
    refused = {name: errors for name, example in examples() if (errors := schema_of(app, name).validate(example))}
    assert refused == {}


def test_a_wrong_example_would_be_found(app: Flask) -> None:
    assert schema_of(app, "add_email").validate({"address": "marilia"})


def test_the_table_has_nothing_that_no_schema_has() -> None:
    fields: dict[str, set[str]] = {}
    for name, schema in DOCUMENT["components"]["schemas"].items():
        fields.setdefault(DOES.sub("", name), set()).update(schema.get("properties", {}))
    assert BY_NAME.keys() - set[str]().union(*fields.values()) == set()
    unknown = {name: own.keys() - fields.get(name, set()) for name, own in OF_SCHEMA.items()}
    assert {name: left for name, left in unknown.items() if left} == {}
