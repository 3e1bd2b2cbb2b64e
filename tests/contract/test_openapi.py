"""What clients were promised: the committed document is the one that the gateway serves."""

from __future__ import annotations

import json
from typing import Any

from tests.contract.write_openapi import COMMITTED, as_text, document


def operations(found: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(f"{verb} {path}", one) for path, verbs in found["paths"].items()
            for verb, one in verbs.items() if verb in ("get", "post", "put", "patch", "delete")]  # fmt: skip


def test_the_committed_document_is_the_served_one() -> None:
    renew = "renew it: python -m tests.contract.write_openapi"
    assert COMMITTED.exists(), renew
    assert as_text(document()) == COMMITTED.read_text(), renew


def test_every_operation_documents_its_answer_and_its_refusals() -> None:
    committed = json.loads(COMMITTED.read_text())
    for name, operation in operations(committed):
        answers = operation["responses"]
        assert any(status.startswith("2") for status in answers), name
        assert {"401", "403", "422", "503"} <= set(answers), name
        for status in ("401", "403", "422", "503"):
            assert "application/problem+json" in answers[status]["content"], f"{name} {status}"
