"""An import whose service is killed goes on by itself (row P8)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from tests.support.builders import people
from tests.support.builders.csv_import import IMPORTS, file_of, finished, report, upload
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

NOBODY = {"registered": 0, "updated": 0, "existing": 0, "refused": 0, "warned": 0, "left_out": 0}


@pytest.fixture
def system() -> Iterator[System]:
    with System() as running:
        yield running


def test_a_killed_import_goes_on_where_it_stopped(system: System) -> None:
    """kill -9 of people in the middle, twice: the result is that of a run that nobody disturbed."""
    ana = Client(system.url, "ana@padaria.example")
    word = people.unique_word()
    uploaded = upload(ana, file_of(word, 800, bad_every=100))["id"]
    ana.post(f"{IMPORTS}/{uploaded}/start", {})
    stored = system.mongo("people")
    for chunks in (3, 7):
        wait_for(lambda chunks=chunks: _chunks(stored, uploaded) >= chunks, 140, "chunks")  # type: ignore[misc]
        system.processes["people"].kill()
        _nothing_by_halves(stored, uploaded, word)
        system.restart("people")
        system.wait_ready("people")
    done = finished(ana, uploaded, seconds=200)
    assert (done["state"], done["counts"]) == ("done", {**NOBODY, "registered": 792, "refused": 8})
    assert [int(line[0]) for line in report(ana, uploaded)] == list(range(2, 802))
    persons = list(stored["persons"].find({"name": {"$regex": f"^{word} "}}))
    assert len(persons) == len({person["document"] for person in persons}) == 792
    wait_for(partial(_has, system.mongo("sales")["persons"], word, 792), 110, "the copies in sales")


def _chunks(stored: Any, import_id: str) -> int:
    return int(stored["imports"].find_one({"_id": import_id})["chunks"])


def _nothing_by_halves(stored: Any, import_id: str, word: str) -> None:
    """What is committed says the same everywhere. The engine may yet show a dead writer's last chunk for a while."""
    known = stored["imports"].find_one({"_id": import_id})
    assert stored["import_reports"].count_documents({"import_id": import_id}) >= known["chunks"]
    assert stored["persons"].count_documents({"name": {"$regex": f"^{word} "}}) >= known["counts"]["registered"]


def _has(copies: Any, word: str, count: int) -> bool:
    return bool(copies.count_documents({"name": {"$regex": f"^{word} "}}) == count)
