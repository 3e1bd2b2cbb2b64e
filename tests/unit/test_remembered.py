"""What a process remembers of rows that change rarely (chassis/storage/remembered.py)."""

from __future__ import annotations

from typing import Any

from services.chassis.storage.remembered import Memory, Remembered


class Rows:
    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}
        self.reads = 0

    def find_one(self, where: Any) -> Any:
        self.reads += 1
        return self.kept.get(where["_id"])


ROW = {"_id": "a"}


def both(rows: Any, memory: Memory, company: str = "c1") -> Remembered:
    return Remembered(rows, ("configuration", company), memory)


def test_a_row_is_read_once_and_nobody_changes_what_is_remembered() -> None:
    rows, memory = Rows(), dict[Any, Any]()
    rows.kept["a"] = {"_id": "a", "stages": ["first"]}
    first = both(rows, memory).find_one(ROW)
    assert first is not None
    first["stages"].append("second")
    assert both(rows, memory).find_one(ROW) == {"_id": "a", "stages": ["first"]}
    assert rows.reads == 1


def test_that_there_is_none_is_remembered_too_until_it_is_written_here() -> None:
    rows, memory = Rows(), dict[Any, Any]()
    remembered = both(rows, memory)
    assert [remembered.find_one(ROW), remembered.find_one(ROW)] == [None, None]
    rows.kept["a"] = {"_id": "a"}
    remembered.forget("a")
    assert both(rows, memory).find_one(ROW) == {"_id": "a"}
    assert rows.reads == 2


def test_companies_remember_apart() -> None:
    rows, memory = Rows(), dict[Any, Any]()
    both(rows, memory).find_one(ROW)
    rows.kept["a"] = {"_id": "a"}
    assert both(rows, memory, "c2").find_one(ROW) == {"_id": "a"}
