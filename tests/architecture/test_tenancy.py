"""The company comes first in every index of business data, and in every filter: there is no way to ask without one."""

from __future__ import annotations

from typing import Any

import pytest

from deploy.topology import SERVICES
from services.chassis.process.runtime import Service
from services.chassis.storage.mongo import Database, Index, TenantCollection


class Recorder:
    """Stands for a database, a collection and a cursor; keeps what it was asked."""

    def __init__(self, name: str = "", log: list[tuple[str, str, Any]] | None = None) -> None:
        self.name = name
        self.log: list[tuple[str, str, Any]] = [] if log is None else log
        self.deleted_count = self.matched_count = 1

    def __getitem__(self, name: str) -> Recorder:
        return Recorder(name, self.log)

    def __getattr__(self, method: str) -> Any:
        def note(*arguments: Any, **_: Any) -> Recorder:
            self.log.append((self.name, method, arguments[0] if arguments else None))
            return self

        return note

    def __iter__(self) -> Any:
        return iter(())


@pytest.mark.parametrize("service", SERVICES)
def test_every_real_index_starts_with_the_company(service: type[Service]) -> None:
    database, recorder = Database("mongodb://127.0.0.1:1/", "house"), Recorder()
    database._database = recorder  # type: ignore[assignment]
    indexes = [index for index in service.all_indexes() if isinstance(index, Index)]
    database.ensure_indexes(indexes)
    database.close()
    made = [(name, keys) for name, method, keys in recorder.log if method == "create_index"]
    assert len(made) == len(indexes) > 0
    for collection, keys in made:
        assert keys[0] == ("company", 1), f"{service.name}.{collection}"


def test_every_filter_names_the_company_even_if_another_is_asked_for() -> None:
    recorder = Recorder("things")
    things = TenantCollection(recorder, "ours", None)  # type: ignore[arg-type]
    theirs = {"_id": "x", "company": "theirs"}
    things.find_one(theirs)
    things.find(theirs, [("_id", 1)], 1)
    things.insert({**theirs, "version": 2})
    things.replace({**theirs, "version": 2})
    things.put(theirs)
    things.delete(theirs)
    things.update_many(theirs, {"$set": {"company": "ours"}})
    things.delete_many(theirs)
    things.increment("x", {"count": 1})
    things.increment("x", {"count": 1}, theirs)
    asked = [value for _, method, value in recorder.log if isinstance(value, dict)]
    assert len(asked) >= 8
    assert all(value["company"] == "ours" for value in asked)
