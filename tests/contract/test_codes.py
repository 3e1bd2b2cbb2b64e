"""Each operation tells the codes that it refuses with, and an example, as the tests have seen them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from gateway.http.document import codes
from gateway.http.document.answers import operations
from tests.contract.write_openapi import COMMITTED, REFUSALS, refusals_page
from tests.support import refusals
from tests.support.promised import problem_schema

DOCUMENT: dict[str, Any] = json.loads(COMMITTED.read_text())


def responses() -> list[tuple[str, str, dict[str, Any]]]:
    shared = DOCUMENT["components"]["responses"]
    found = [("shared", name.removeprefix("Problem"), one) for name, one in shared.items()]
    for _, _, one in operations(DOCUMENT):
        found += [(one["operationId"], status, answer) for status, answer in one["responses"].items()
                  if status >= "4" and "$ref" not in answer]  # fmt: skip
    return found


def test_every_code_has_an_example_that_is_a_problem_of_that_status() -> None:
    found = responses()
    assert len(found) > 100
    for name, status, answer in found:
        example = answer["content"][codes.PROBLEM]["example"]
        assert [*problem_schema().iter_errors(example)] == [], name
        assert example["status"] == int(status), name
        assert example["code"] in answer["x-codes"], name
        assert example["type"].endswith(example["code"]), name
        assert example["detail"], name
        assert all(f"`{code}`" in answer["description"] for code in answer["x-codes"]), name


def test_every_code_is_stable_words_and_told_in_portuguese() -> None:
    table = codes.table()
    named = {
        code for found in (table["everywhere"], *table["operations"].values()) for of in found.values() for code in of
    }
    assert len(named) > 100
    assert named <= table["details"].keys()
    for code in named:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)+", code), code
        assert not re.search(
            r"\b(the|not|must|is|invalid|required)\b", refusals.QUOTED.sub("", table["details"][code])
        ), code


def test_the_table_names_operations_and_statuses_that_there_are() -> None:
    there = {one["operationId"]: one["responses"].keys() for _, _, one in operations(DOCUMENT)}
    for name, statuses in codes.table()["operations"].items():
        assert statuses.keys() <= there[name], name


def test_the_page_of_refusals_is_that_of_the_table() -> None:
    assert REFUSALS.read_text() == refusals_page(), "python -m tests.contract.write_openapi"
    listed = set(re.findall(r"^\| `(\w+)` \| \d{3} \|", REFUSALS.read_text(), re.MULTILINE))
    assert listed == codes.table()["details"].keys()


@pytest.mark.parametrize(
    ("spoilt", "lacking"),
    [
        ({"code": None}, ["code"]),
        ({"code": "Not Found"}, ["code"]),
        ({"detail": ""}, ["detail"]),
        ({"detail": "The person is not there."}, ["English: The", "English: is", "English: not"]),
        ({"fields": {"items": {"0": {"name": ["Missing data for required field."]}}}},
         ["English: Missing", "English: required", "English: field"]),
        ({"detail": "O nome “and the rest” já existe."}, []),
        ({"fields": {"required_field": ["Falta preencher."]}}, []),
    ],
)  # fmt: skip
def test_a_refusal_that_is_badly_told_is_found(spoilt: dict[str, Any], lacking: list[str]) -> None:
    told = {"code": "person_not_found", "detail": "Pessoa não encontrada."}
    assert refusals.badly_told(told) == []
    assert sorted(refusals.badly_told({**told, **spoilt})) == sorted(lacking)


def test_a_code_of_the_door_is_told_once_for_all() -> None:
    door = refusals.codes_of_the_door()
    assert {"token_missing", "permission_missing", "parameter_unknown", "json_malformed", "version_changed"} <= door
    own = {code for found in codes.table()["operations"].values() for of in found.values() for code in of}
    assert own & door == set()


def test_what_is_seen_and_not_told_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        refusals, "SEEN", {("get_person", "404", "no_such_code"), ("get_person", "401", "token_missing")}
    )
    assert refusals.unlisted() == [("get_person", "404", "no_such_code")]
