"""Rows S5, S7: what a company sets up of its pipeline is what is read next, and a refused change is none."""

from __future__ import annotations

from typing import Any

import pytest

from services.sales.markers import commands as markers
from services.sales.markers.queries import list_markers
from services.sales.pipeline import commands as pipeline
from services.sales.pipeline.queries import list_stages
from services.sales.session import INDEXES, SalesSession
from tests.support.fakes.memory import Memory


@pytest.fixture
def memory() -> Memory:
    return Memory(SalesSession, INDEXES)


def _stages(memory: Memory) -> list[str]:
    return [stage.name for stage in memory.ask(list_stages).stages]


def _stage(memory: Memory, name: str) -> str:
    return next(str(stage.id) for stage in memory.ask(list_stages).stages if stage.name == name)


def test_a_stage_comes_before_the_closing_one_or_where_it_is_put(memory: Memory) -> None:
    before = _stages(memory)
    memory.ask(pipeline.add_stage, name="Visita")
    memory.ask(pipeline.add_stage, name="Triagem", position=1)
    assert _stages(memory) == ["Triagem", *before[:-1], "Visita", before[-1]]


def test_a_stage_is_renamed_and_moved(memory: Memory) -> None:
    first, second, *rest = _stages(memory)
    memory.ask(pipeline.change_stage, stage_id=_stage(memory, first), name="Entrada")
    memory.ask(pipeline.change_stage, stage_id=_stage(memory, "Entrada"), position=2)
    assert _stages(memory) == [second, "Entrada", *rest]


def test_a_stage_is_deleted_unless_it_closes(memory: Memory) -> None:
    first, *rest = _stages(memory)
    memory.ask(pipeline.delete_stage, stage_id=_stage(memory, first))
    assert _stages(memory) == rest
    assert memory.refusal(pipeline.delete_stage, stage_id=_stage(memory, rest[-1])) == "stage_closing"
    assert memory.refusal(pipeline.delete_stage, stage_id="outro") == "stage_not_found"
    assert _stages(memory) == rest


def test_a_second_stage_of_a_name_is_refused_and_changes_nothing(memory: Memory) -> None:
    first, second, *_ = before = _stages(memory)
    changed: dict[str, Any] = {"stage_id": _stage(memory, first), "name": second.upper(), "position": 3}
    assert memory.refusal(pipeline.add_stage, name=second.upper()) == "stage_exists"
    assert memory.refusal(pipeline.change_stage, **changed) == "stage_exists"
    assert _stages(memory) == before


def _markers(memory: Memory) -> dict[str, str]:
    return {marker.name: marker.colour for marker in memory.ask(list_markers).items}


def test_a_marker_is_added_changed_and_deleted(memory: Memory) -> None:
    one = memory.ask(markers.add_marker, name="Feira")["id"]
    two = memory.ask(markers.add_marker, name="Indicação", colour="#00ff00")["id"]
    memory.ask(markers.change_marker, marker_id=one, colour="#ff0000")
    memory.ask(markers.change_marker, marker_id=two, name="Indicado")
    assert _markers(memory) == {"Feira": "#ff0000", "Indicado": "#00ff00"}
    memory.ask(markers.delete_marker, marker_id=one)
    assert _markers(memory) == {"Indicado": "#00ff00"}
    assert memory.refusal(markers.delete_marker, marker_id=one) == "marker_not_found"


def test_a_second_marker_of_a_name_is_refused(memory: Memory) -> None:
    memory.ask(markers.add_marker, name="Indicação")
    other = memory.ask(markers.add_marker, name="Feira")["id"]
    assert memory.refusal(markers.add_marker, name="INDICACAO") == "marker_exists"
    assert memory.refusal(markers.change_marker, marker_id=other, name="indicação") == "marker_exists"
    assert set(_markers(memory)) == {"Indicação", "Feira"}
