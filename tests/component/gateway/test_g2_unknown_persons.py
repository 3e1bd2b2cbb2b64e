"""Row G2: whatever is asked of a person who is not there, the answer is that there is none."""

from __future__ import annotations

import re

import pytest

from services.chassis import ids
from tests.contract.write_openapi import document
from tests.support.problems import refused
from tests.support.stack.system import Client, System

OF_A_PERSON = re.compile(r"/v1/persons/\{(?:person_id|survivor_id)\}(/.*)?")
# What is missing there is told by a code of its own, and the person is not asked for.
OWN_CODES = {"attendance-draft": "draft_not_found"}
QUERIES = {"merge-preview": "?person_id=p2"}


def paths() -> list[str]:
    found = document()["paths"]
    return [path for path, verbs in found.items() if OF_A_PERSON.fullmatch(path) and "get" in verbs]


@pytest.mark.parametrize("path", paths())
def test_nothing_is_told_of_a_person_who_is_not_there(system: System, bruno: Client, ana: Client, path: str) -> None:
    of_others = bruno.register("Rita")["id"]
    last = path.rpartition("/")[2]
    for nobody in ("nobody", ids.new_id(), of_others):
        asked = re.sub(r"\{(?:person_id|survivor_id)\}", nobody, path).replace("{relation_id}", "r1")
        answer = ana.request("GET", asked + QUERIES.get(last, ""))
        refused(answer, 404, OWN_CODES.get(last, "person_not_found"))
