"""Every body of the document has an example: what is sent passes the schema that the operation loads it with, what is
answered is valid for the schema beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from marshmallow import Schema

from gateway.http.blueprint import accepted_by
from gateway.http.document import example_answers, example_records
from gateway.http.document.answers import operations, schemas_reached_from
from gateway.http.document.example_values import BY_NAME, OF_SCHEMA
from gateway.http.document.examples import BODIES, DONE, EXAMPLES, answered_by
from gateway.http.document.properties import DOES
from services.attendance.setup.contract import Configuration
from services.chassis.ids import BY_TIME
from services.people.shared.fields import normalise_document
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


def answers() -> list[tuple[str, dict[str, Any]]]:
    """Of each operation that answers JSON when it succeeds: its name and the answer."""
    return [(one["operationId"], body) for _, _, one in operations(DOCUMENT) for body in answered_by(one)]


def problems_of(schema: dict[str, Any], value: Any) -> list[str]:
    registry = jsonschema_rs.Registry([("urn:document", DOCUMENT)])
    named = json.loads(json.dumps(schema).replace('"#/', '"urn:document#/'))
    formats = {"decimal": lambda text: re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) is not None}
    checks = jsonschema_rs.Draft202012Validator(named, registry=registry, validate_formats=True, formats=formats)
    return [f"{problem.instance_path}: {problem.message}" for problem in checks.iter_errors(value)]


def test_every_answer_in_json_has_one_example() -> None:
    assert len(answers()) > 380
    for name, body in answers():
        schema = body["schema"]["$ref"].rpartition("/")[2]
        assert body["examples"] == {schema: {"$ref": EXAMPLES + schema}}, name
        assert "example" not in body, name
    used = {body["schema"]["$ref"].rpartition("/")[2] for _, body in answers()}
    assert DOCUMENT["components"]["examples"].keys() == used


def test_every_example_of_an_answer_and_of_a_body_is_valid_with_its_formats() -> None:
    shown = DOCUMENT["components"]["examples"]
    told = {name: ({"$ref": f"#/components/schemas/{name}"}, one["value"]) for name, one in shown.items()}
    for _, _, operation in operations(DOCUMENT):
        for body in operation.get("requestBody", {}).get("content", {}).values():
            if "example" in body:
                told[operation["operationId"]] = (body["schema"], body["example"])
    assert {name: found for name, (schema, value) in told.items() if (found := problems_of(schema, value))} == {}


def test_a_wrong_answer_would_be_found() -> None:
    payment = {"$ref": "#/components/schemas/Sum"}
    assert problems_of(payment, {"amount": "10.50", "currency": "BRL"}) == []
    assert problems_of(payment, {"amount": "10,50", "currency": "BRL"}) != []


def texts(node: Any, field: str) -> Iterator[str]:
    """All texts of this property, wherever it is."""
    for name, inner in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if name == field and isinstance(inner, str):
            yield inner
        yield from texts(inner, field)


def test_examples_of_answers_look_as_what_is_stored() -> None:
    shown = DOCUMENT["components"]["examples"]
    ids = {*texts(shown, "person_id"), *texts(shown, "order_id"), *texts(shown, "attendance_id")}
    assert {one for one in ids if not BY_TIME.fullmatch(one)} == set()
    documents = {*texts(shown, "cnpj"), *texts(shown, "document")} - {shown["Letterhead"]["value"]["document"]}
    assert {one for one in documents if normalise_document(one) != one} == set()
    phones = {*texts(shown, "phone"), *(one["number"] for one in shown["Person"]["value"]["phones"])}
    assert {one for one in phones if not re.fullmatch(r"\+55[1-9]{2}[2-9][0-9]{7,8}", one)} == set()
    mails = {*texts(shown, "email"), *texts(shown, "recipient"), *texts(shown, "login")}
    assert {one for one in mails if not one.endswith(".example")} == set()


def test_the_table_has_nothing_that_no_schema_has() -> None:
    fields: dict[str, set[str]] = {}
    for name, schema in DOCUMENT["components"]["schemas"].items():
        fields.setdefault(DOES.sub("", name), set()).update(schema.get("properties", {}))
    assert BY_NAME.keys() - set[str]().union(*fields.values()) == set()
    unknown = {name: own.keys() - fields.get(name, set()) for name, own in OF_SCHEMA.items()}
    assert {name: left for name, left in unknown.items() if left} == {}


def test_the_tables_of_answers_have_nothing_that_no_answer_has() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    fields: dict[str, set[str]] = {}
    for name in schemas_reached_from([body["schema"] for _, body in answers()], schemas):
        for called in (name, DONE.sub("", name)):
            fields.setdefault(called, set()).update(schemas[name].get("properties", {}))
    named = set[str]().union(*fields.values())
    assert example_answers.BY_NAME.keys() - named == set()
    assert example_answers.REFERENCES.keys() - named == set()
    unknown = {name: own.keys() - fields.get(name, set()) for name, own in example_records.OF_SCHEMA.items()}
    assert {name: left for name, left in unknown.items() if left} == {}
