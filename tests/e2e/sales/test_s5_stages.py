"""Row S5: at most ten stages, ordered, editable; refused: an eleventh, deleting one in use."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.builders.sales import delete, newcomer, patch, stages
from tests.support.problems import refused
from tests.support.stack.system import Client, System

DEFAULTS = ["Prospecção", "Contato realizado", "Proposta apresentada", "Negociação", "Encerrado"]


@pytest.fixture
def maria(system: System) -> Client:
    """Of a company that has configured nothing yet."""
    return newcomer(system)


def test_stages_are_added_renamed_ordered_and_deleted(maria: Client) -> None:
    made = maria.post("/v1/stages", {"name": "Visita técnica", "position": 3})
    assert list(stages(maria)) == [*DEFAULTS[:2], "Visita técnica", *DEFAULTS[2:]]
    moved = patch(maria, f"/v1/stages/{made['id']}", {"name": "Visita", "position": 1})
    assert [stage["name"] for stage in moved["items"]] == ["Visita", *DEFAULTS]
    assert [stage["name"] for stage in delete(maria, f"/v1/stages/{made['id']}")["items"]] == DEFAULTS
    refused(maria.request("DELETE", f"/v1/stages/{made['id']}"), 404, "stage_not_found")


def test_an_eleventh_is_refused_even_to_ten_at_once(maria: Client) -> None:
    with ThreadPoolExecutor(10) as threads:
        names = [f"Estágio {number}" for number in range(10)]
        answers = list(threads.map(lambda name: maria.request("POST", "/v1/stages", json={"name": name}), names))
    assert len(stages(maria)) == 10
    assert sum(answer.status_code == 201 for answer in answers) == 5
    refused(maria.request("POST", "/v1/stages", json={"name": "Décimo primeiro"}), 409, "stages_full")


def test_no_opportunity_is_left_in_a_stage_that_is_deleted_at_the_same_moment(maria: Client) -> None:
    for turn in range(3):
        stage = maria.post("/v1/stages", {"name": f"Passageiro {turn}"})["id"]
        person = maria.register("Veloz")["id"]
        path, body = f"/v1/persons/{person}/opportunities", {"subject": "x", "stage_id": stage}
        with ThreadPoolExecutor(5) as threads:
            creating = [threads.submit(maria.request, "POST", path, json=body) for _ in range(4)]
            deleting = threads.submit(maria.request, "DELETE", f"/v1/stages/{stage}")
        created = sum(call.result().status_code == 201 for call in creating)
        assert deleting.result().status_code in (200, 409)
        if deleting.result().ok:
            assert created == 0
        else:
            assert created > 0
