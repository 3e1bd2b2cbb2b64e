"""Row A4: a type that the company's options name stays open for attendances, however the tree of types is changed."""

from __future__ import annotations

from typing import Any

import pytest

from services.attendance.session import INDEXES, AttendanceSession
from services.attendance.setup import commands as setup_commands
from services.attendance.setup import contract as setup_contract
from services.attendance.types import commands as types_commands
from services.attendance.types import contract as types_contract
from services.chassis.errors import Conflict, Invalid
from tests.support.fakes.memory import Memory

ROOT = {"id": "raiz", "kind": "group", "name": "Raiz"}
OLD = {"id": "antigo", "kind": "group", "name": "Antigo", "active": False}
LEAF = {"id": "duvida", "kind": "leaf", "name": "Dúvida", "parent_id": "raiz"}


def run(memory: Memory, use_case: Any, schema: Any, data: dict[str, Any]) -> Any:
    return memory.run(lambda tx: use_case.__wrapped__(tx, schema().load(data)))


def change_type(memory: Memory, **data: Any) -> None:
    run(memory, types_commands.change_type, types_contract.ChangeType, data)


def apply(memory: Memory, **sections: Any) -> Any:
    data = {"document": {"format": setup_contract.FORMAT, **sections}, "dry_run": False}
    return run(memory, setup_commands.apply_configuration, setup_contract.ApplyConfiguration, data)


def set_default(memory: Memory, type_id: str | None) -> None:
    run(memory, types_commands.change_options, types_contract.ChangeOptions, {"default_type_id": type_id})


@pytest.fixture
def memory() -> Memory:
    memory = Memory(AttendanceSession, INDEXES)
    apply(memory, types=[ROOT, OLD, LEAF])
    set_default(memory, "duvida")
    return memory


CLOSING = [{**LEAF, "active": False}, {**ROOT, "active": False}, {**LEAF, "parent_id": "antigo"}]


@pytest.mark.parametrize("changed", CLOSING, ids=["itself", "its group", "a move under an inactive group"])
def test_a_change_that_closes_the_type_of_the_options_is_refused(memory: Memory, changed: dict[str, Any]) -> None:
    with pytest.raises(Conflict, match="type_in_use"):
        change_type(memory, **changed)
    set_default(memory, None)
    change_type(memory, **changed)


@pytest.mark.parametrize("changed", CLOSING, ids=["itself", "its group", "a move under an inactive group"])
def test_a_document_that_closes_the_type_of_the_options_is_refused(memory: Memory, changed: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="configuration_invalid") as refusal:
        apply(memory, types=[changed])
    [problem] = refusal.value.params["problems"]
    assert (problem["code"], problem["path"]) == ("type_in_use", ["types"])
    apply(memory, types=[changed], options={"default_type_id": None})


def test_the_options_take_no_type_of_an_inactive_group(memory: Memory) -> None:
    set_default(memory, None)
    change_type(memory, **{**ROOT, "active": False})
    with pytest.raises(Invalid, match="options_invalid"):
        set_default(memory, "duvida")
