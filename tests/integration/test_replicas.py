"""Many copies of others' records at once: the newest of each is kept, in whatever order and however often they come."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from deploy.local.database import Database as Engine
from services.chassis.replicas.replica import Replicas
from services.chassis.storage.database import Database


@pytest.fixture
def copies(database: Engine) -> Iterator[Replicas]:
    connected = Database(database.uri, "copies")
    connected.collection("persons").drop()
    yield Replicas(connected.tenant("c1").collection("persons"), "person", "Pessoa não encontrada.")
    connected.close()


def kept(copies: Replicas, *ids: str) -> dict[str, tuple[int, str]]:
    return {one["_id"]: (one["sequence"], one["name"]) for one in copies.find_many(ids)}


def test_new_ones_are_there_newer_ones_win_and_older_ones_change_nothing(copies: Replicas) -> None:
    copies.put("a", 2, name="Ana")
    copies.put("b", 2, name="Bia")
    told = [("a", 1, {"name": "antiga"}), ("b", 3, {"name": "Bia Sá"}), ("c", 1, {"name": "Caio"})]
    for _ in range(2):
        copies.put_many(told)
        assert kept(copies, "a", "b", "c", "d") == {"a": (2, "Ana"), "b": (3, "Bia Sá"), "c": (1, "Caio")}


@pytest.mark.parametrize("versions", [(1, 2), (2, 1)])
def test_of_one_record_twice_the_newer_is_kept(copies: Replicas, versions: tuple[int, int]) -> None:
    copies.put_many([("a", version, {"name": f"v{version}"}) for version in versions])
    assert kept(copies, "a") == {"a": (2, "v2")}


@pytest.mark.parametrize(("versions", "last"), [((1, 1), "first"), ((0, 1), "second"), ((2, 1), "first")])
def test_the_first_version_is_new_unless_there_is_one(copies: Replicas, versions: tuple[int, int], last: str) -> None:
    for version, name in zip(versions, ("first", "second"), strict=True):
        copies.put("a", version, name=name)
    assert kept(copies, "a") == {"a": (max(versions), last)}


def test_an_erased_one_stays_erased(copies: Replicas) -> None:
    copies.put("a", 1, name="Ana")
    copies.erase("a", name="Pessoa eliminada")
    copies.put_many([("a", 5, {"name": "Ana"}), ("b", 1, {"name": "Bia"})])
    assert copies.erased("a")
    assert kept(copies, "a", "b")["b"] == (1, "Bia")


def test_none_is_nothing(copies: Replicas) -> None:
    copies.put_many([])
    assert kept(copies, "a") == {}
