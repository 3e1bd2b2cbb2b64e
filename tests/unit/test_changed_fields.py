"""Of a record that a transaction has read, the fields that have changed are written; of any other, all."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

from services.chassis.storage.tenant import TenantCollection

READ = {"_id": "r", "company": "c", "version": 1, "title": "Bolo", "tags": ["a"], "later": "kept"}


def written(*documents: dict[str, Any], read: bool = True) -> list[Any]:
    """What is written where each is the record's next version."""
    collection = Mock(find_one=Mock(return_value=dict(READ)))
    collection.update_one.return_value.matched_count = 1
    rows = TenantCollection(collection, "c", Mock())
    if read:
        rows.find_one({"_id": "r"})
    for document in documents:
        rows.replace({"_id": "r", **document})
    return [call.args for call in collection.update_one.call_args_list]


def test_what_has_changed_is_written() -> None:
    changed = {"version": 2, "title": "Torta", "tags": ["a"], "flow_id": None}
    assert written(changed) == [({"_id": "r"}, {"$set": {"version": 2, "title": "Torta", "flow_id": None}})]


def test_what_was_not_read_in_the_version_before_is_written_whole() -> None:
    whole = {"version": 3, "title": "Bolo", "tags": ["a"]}
    of_version = ({"_id": "r", "company": "c", "version": 2}, {"$set": whole})
    assert written(whole) == [of_version], "read in an earlier version"
    assert written({"version": 2, "title": "Torta", "tags": ["a"]}, whole)[1] == of_version, "written since"
    assert written(whole, read=False) == [of_version]
