"""What a process remembers of rows that change rarely (chassis/storage/cached_rows.py)."""

from __future__ import annotations

from typing import Any

from services.chassis.storage.cached_rows import Cache, CachedRows


class Rows:
    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}
        self.reads = 0

    def find_one(self, where: Any) -> Any:
        self.reads += 1
        return self.kept.get(where["_id"])


ROW = {"_id": "a"}


def both(rows: Any, cache: Cache, company: str = "c1") -> CachedRows:
    return CachedRows(rows, ("configuration", company), cache)


def test_a_row_is_read_once_and_nobody_changes_what_is_remembered() -> None:
    rows, cache = Rows(), Cache()
    rows.kept["a"] = {"_id": "a", "stages": ["first"]}
    first = both(rows, cache).find_one(ROW)
    assert first is not None
    first["stages"].append("second")
    assert both(rows, cache).find_one(ROW) == {"_id": "a", "stages": ["first"]}
    assert rows.reads == 1


def test_that_there_is_none_is_remembered_too_until_it_is_written_here() -> None:
    rows, cache = Rows(), Cache()
    cached = both(rows, cache)
    assert [cached.find_one(ROW), cached.find_one(ROW)] == [None, None]
    rows.kept["a"] = {"_id": "a"}
    cached.forget("a")
    assert both(rows, cache).find_one(ROW) == {"_id": "a"}
    assert rows.reads == 2


def test_companies_remember_apart() -> None:
    rows, cache = Rows(), Cache()
    both(rows, cache).find_one(ROW)
    rows.kept["a"] = {"_id": "a"}
    assert both(rows, cache, "c2").find_one(ROW) == {"_id": "a"}


def test_what_was_read_before_another_commit_of_this_process_is_not_cached() -> None:
    class ChangedMeanwhile(Rows):
        def find_one(self, where: Any) -> Any:
            before = super().find_one(where)
            if self.reads == 1:
                self.kept["a"] = {"_id": "a", "name": "new"}
                both(self, cache).forget("a")
            return before

    rows, cache = ChangedMeanwhile(), Cache()
    rows.kept["a"] = {"_id": "a", "name": "old"}
    assert both(rows, cache).find_one(ROW) == {"_id": "a", "name": "old"}
    assert both(rows, cache).find_one(ROW) == {"_id": "a", "name": "new"}
