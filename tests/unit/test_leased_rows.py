"""How a job leaves its document: done, dropped or put off, and only while it is the one that the job was given."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from services.chassis.jobs.work import Work

LATER = dt.datetime(2026, 11, 29, tzinfo=dt.UTC)
ROW = {"_id": "w1", "company": "c1", "asked_at": 1, "next_at": 0}


class Rows:
    """One document, as the engine would change it."""

    def __init__(self) -> None:
        self.row: dict[str, Any] | None = dict(ROW)

    def update_one(self, where: dict[str, Any], change: dict[str, Any]) -> Any:
        matched = bool(self.row and where.items() <= self.row.items())
        if self.row and matched:
            self.row.update(change.get("$set", {}))
            for name in change.get("$unset", ()):
                self.row.pop(name, None)
        return SimpleNamespace(matched_count=int(matched))

    def delete_one(self, where: dict[str, Any]) -> None:
        if self.row and where.items() <= self.row.items():
            self.row = None


@pytest.fixture
def rows() -> Rows:
    return Rows()


def work_on(rows: Rows, *as_read: str, **other: Any) -> Work:
    database: Any = SimpleNamespace(collection=lambda name: rows)
    return Work(database, "works", {**ROW, **other}, as_read)


def test_work_that_is_put_off_is_due_again_with_what_the_next_one_needs(rows: Rows) -> None:
    assert work_on(rows).put_off(LATER, tries=2)
    assert rows.row == {**ROW, "next_at": LATER, "tries": 2}


def test_what_is_kept_for_whoever_goes_on_leaves_the_lease(rows: Rows) -> None:
    work_on(rows).keep(begun=True)
    assert rows.row == {**ROW, "begun": True}


def test_work_that_is_done_stays_as_a_record_and_is_not_pending(rows: Rows) -> None:
    work_on(rows).done()
    assert rows.row == {name: value for name, value in ROW.items() if name != "next_at"}


def test_what_was_nothing_but_work_goes(rows: Rows) -> None:
    work_on(rows).drop()
    assert rows.row is None


@pytest.mark.parametrize("ends", [lambda work: work.done(), lambda work: work.drop(), lambda work: work.put_off(LATER)])
@pytest.mark.parametrize("other", [{"company": "c2"}, {"asked_at": 2}])
def test_another_companys_or_newly_asked_work_is_left_alone(rows: Rows, ends: Any, other: dict[str, Any]) -> None:
    ends(work_on(rows, "asked_at", **other))
    assert rows.row == ROW


def test_who_puts_off_what_is_gone_meanwhile_is_told_so(rows: Rows) -> None:
    work_on(rows).drop()
    assert not work_on(rows).put_off(LATER)
