"""Row A3: cycles of questions by center, of six kinds; refused where they could not be asked; used in opportunities."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders.attendance import set_up, unique_key
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client

PATH = "/v1/service-cycles"


def question(key: str, **fields: Any) -> dict[str, Any]:
    return {"id": key, "text": f"Pergunta {key}?", **fields}


@pytest.mark.parametrize(
    "questions",
    [
        [question("a", kind="choice")],
        [question("a", kind="text", options=["x"])],
        [question("a", kind="multiple", options=["x", "x"])],
        [question("a"), question("a")],
    ],
)
def test_questions_that_cannot_be_asked_are_refused(ana: Client, questions: list[dict[str, Any]]) -> None:
    made = set_up(ana)
    body = {"name": "x", "centers": [{"center_id": made.triage, "questions": questions}]}
    refused(ana.request("PUT", f"{PATH}/{made.cycle}", json=body), 422, "cycle_invalid")


def test_a_wrong_cycle_is_refused(ana: Client) -> None:
    made = set_up(ana)
    unknown = {"id": unique_key(), "name": "x", "centers": [{"center_id": "sumido", "questions": []}]}
    refused(ana.request("POST", PATH, json=unknown), 422, "cycle_invalid")
    body = {"name": "x", "centers": [{"center_id": made.triage, "questions": [question("a", kind="colour")]}]}
    field_refused(ana.request("PUT", f"{PATH}/{made.cycle}", json=body), "centers")
    refused(ana.request("DELETE", f"{PATH}/{made.cycle}"), 409, "cycle_in_use")
    refused(ana.request("POST", PATH, json={"id": made.cycle, "name": "x", "centers": []}), 409, "cycle_exists")
    refused(ana.request("GET", f"{PATH}/nenhum"), 404, "cycle_not_found")
