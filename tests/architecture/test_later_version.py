"""A repository gives no document to a class as it is: during an upgrade it may have fields of the next version.

That every reader passes those over is tried where records are read for real: tests/support/later.py.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from services.chassis.storage.records import as_record, known
from services.people.users.model import Membership
from tests.support import later

SERVICES = Path(__file__).resolve().parents[2] / "services"
REPOSITORIES = [path.relative_to(SERVICES) for path in sorted(SERVICES.rglob("*repository.py"))]


def made_of_a_document(source: str) -> list[str]:
    """The classes that are called with all that a mapping has."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    whole = [call.func for call in calls if any(keyword.arg is None for keyword in call.keywords)]
    return [called.id for called in whole if isinstance(called, ast.Name) and called.id[0].isupper()]


@pytest.mark.parametrize("path", REPOSITORIES, ids=str)
def test_records_are_made_by_the_reader_that_passes_over_what_it_does_not_know(path: Path) -> None:
    assert made_of_a_document((SERVICES / path).read_text(encoding="utf-8")) == []


def test_a_class_that_takes_a_whole_document_is_found() -> None:
    assert made_of_a_document("def _draft(found):\n    return Draft(**found)\n") == ["Draft"]


def test_a_record_is_read_without_what_only_the_next_version_knows() -> None:
    stored = {"roles": ["viewer"], "person_id": "p1"}
    assert as_record(later.record(stored), Membership) == Membership(["viewer"], "p1")
    assert as_record(later.record(stored), Membership, roles=["owner"]) == Membership(["owner"], "p1")
    assert known({"_id": "x", "name": "n", "later": 1}, Membership) == {}
