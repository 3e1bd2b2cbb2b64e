"""What clients were promised: the committed document is the one that the gateway serves."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema_rs

from tests.contract.write_openapi import COMMITTED, as_text, document


def operations(found: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(f"{verb} {path}", one) for path, verbs in found["paths"].items()
            for verb, one in verbs.items() if verb in ("get", "post", "put", "patch", "delete")]  # fmt: skip


def test_the_committed_document_is_the_served_one() -> None:
    renew = "renew it: python -m tests.contract.write_openapi"
    assert COMMITTED.exists(), renew
    assert as_text(document()) == COMMITTED.read_text(), renew


def test_every_operation_promises_its_answer_and_every_status_that_its_form_can_answer() -> None:
    """No "default": what is not named does not happen."""
    committed = json.loads(COMMITTED.read_text())
    for name, operation in operations(committed):
        answers = operation["responses"]
        assert any(status.startswith("2") for status in answers), name
        expected = {"400", "401", "403", "422", "503"}
        if "{" in name:
            expected |= {"404"}
        if not name.startswith("get "):
            expected |= {"404", "409", "411", "413", "415"}
        assert expected <= set(answers), name
        assert "default" not in answers, name


def test_every_refusal_is_a_problem() -> None:
    committed = json.loads(COMMITTED.read_text())
    for name, operation in operations(committed):
        for status, answer in operation["responses"].items():
            if status >= "4" and "$ref" in answer:
                assert answer == {"$ref": f"#/components/responses/Problem{status}"}, f"{name} {status}"
            elif status >= "4":
                told = answer["content"]
                assert told["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/Problem"}, name
                assert len(told) == 1, name
    for response in committed["components"]["responses"].values():
        assert response["content"]["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/Problem"}


def test_the_document_is_valid_and_nothing_in_a_query_may_be_null() -> None:
    committed = json.loads(COMMITTED.read_text())
    for name, operation in operations(committed):
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "query":
                assert "null" not in str(parameter["schema"].get("type")), f"{name} {parameter['name']}"
    for schema in committed["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


def test_patterns_are_those_of_json_schema() -> None:
    """Anchored by ^ and $: Python's own \\Z means a letter Z to everybody else."""
    text = COMMITTED.read_text()
    patterns = re.findall(r'"pattern": ("(?:[^"\\]|\\.)*")', text)
    assert len(patterns) > 50
    for pattern in map(json.loads, patterns):
        assert pattern.startswith("^"), pattern
        assert pattern.endswith("$"), pattern
        assert r"\Z" not in pattern, pattern
