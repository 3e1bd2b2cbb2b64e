"""Rows A1 to A4: what a company sets up of one kind has a size in all, so that its list fits into one message."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.attendance.session import INDEXES, AttendanceSession
from services.attendance.shared.keyed import MOST_BYTES
from services.attendance.types import commands, contract, queries
from services.chassis.dumping import dump_of
from tests.support.fakes.memory import Memory

# RabbitMQ's own, since 4.0.
LARGEST_MESSAGE = 16 << 20


def texts(count: int, of: str = "ç") -> list[dict[str, Any]]:
    return [{"id": f"t{n}", "name": "Resposta", "text": of * 20_000} for n in range(count)]


@pytest.fixture
def memory() -> Memory:
    """As full as it gets: the next type of this size is refused."""
    memory = Memory(AttendanceSession, INDEXES)
    for number in range(5):
        memory.ask(commands.create_type, id=f"tipo{number}", kind="leaf", name="Tipo", standard_texts=texts(10))
    return memory


def test_what_does_not_fit_any_more_is_refused(memory: Memory) -> None:
    one_more = {"id": "demais", "kind": "leaf", "name": "Tipo"}
    assert memory.refusal(commands.create_type, **one_more, standard_texts=texts(10)) == "type_size_exceeded"
    grown = {"id": "tipo0", "kind": "leaf", "name": "Tipo", "version": 1}
    assert memory.refusal(commands.change_type, **grown, standard_texts=texts(20)) == "type_size_exceeded"
    memory.ask(commands.change_type, **grown, standard_texts=texts(1))
    memory.ask(commands.create_type, **one_more, standard_texts=texts(9))


def test_a_full_list_fits_into_one_message(memory: Memory) -> None:
    answer = dump_of(contract.TypeList)(memory.ask(queries.list_types))
    assert MOST_BYTES * 0.9 < len(json.dumps(answer, ensure_ascii=False).encode()) < LARGEST_MESSAGE


def test_a_company_that_has_more_already_may_make_it_less(memory: Memory) -> None:
    kept = memory.collection("types").kept
    kept["c1/tipo0"] = {**kept["c1/tipo0"], "standard_texts": [{**one, "use": "entry"} for one in texts(80)]}
    smaller = {"id": "tipo0", "kind": "leaf", "name": "Tipo", "version": 1}
    memory.ask(commands.change_type, **smaller, standard_texts=texts(79))
    assert memory.refusal(commands.change_type, **smaller | {"version": 2}, standard_texts=texts(80))
