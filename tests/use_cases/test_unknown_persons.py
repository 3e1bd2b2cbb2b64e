"""The list of a person who is not there is refused, in every service alike: an empty one would say that they are."""

from __future__ import annotations

import importlib
import inspect
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from deploy.topology import SERVICES
from services.chassis.access.context import Context
from services.chassis.errors import Failure, NotFound
from services.chassis.handling.session import Actor
from services.chassis.handling.unit_of_work import run_query
from services.chassis.schemas import HeldPage, instance, load
from services.scheduling.session import INDEXES, SchedulingSession
from services.scheduling.visibility import VISIBILITY_RULES
from tests.support.fakes.memory import Memory, Narrowed

# What is refused before anybody is looked for: whose account it is, and a company that has no production.
REFUSED_BEFORE = {
    "sales.list_commission_entries", "sales.list_commission_items", "sales.list_commission_closings",
    "attendance.list_production",
}  # fmt: skip


def lists_of_persons() -> Iterator[tuple[str, Any, Any]]:
    for service in SERVICES:
        for name, method in inspect.getmembers(service, inspect.isfunction):
            spec = vars(method).get("chassis_rpc")
            if spec is None or spec.is_command or spec.gives is HeldPage:
                continue
            if f"{service.name}.{name}" in REFUSED_BEFORE:
                continue
            if {"person_id"} <= instance(spec.takes).fields.keys() and "items" in instance(spec.gives).fields:
                yield f"{service.name}.{name}", method, spec


FOUND = list(lists_of_persons())


def ask(service: str, method: Any, spec: Any, person_id: str, *known: dict[str, Any]) -> Any:
    session = importlib.import_module(f"services.{service}.session")
    kind = next(one for name, one in vars(session).items() if name.lower() == f"{service}session")
    memory = Memory(kind, getattr(session, "INDEXES", ()))
    for one in known:
        memory.collection("persons").insert(one)
    permissions = tuple(f"{service}.{name}" for name in ("read", "write", "supervise", "configure", "administer"))
    context = Context("c1", "u1", "Ana", permissions, "r1", time.time() + 5)
    runtime = SimpleNamespace(session=lambda context, client_session: memory.session())
    data = load(spec.takes, {"person_id": person_id})
    return run_query(SimpleNamespace(runtime=runtime), context, method.__wrapped__, data, spec.gives)


def test_there_are_lists_of_persons_in_every_service() -> None:
    assert {name.partition(".")[0] for name, _, _ in FOUND} == {service.name for service in SERVICES}
    assert len(FOUND) > 12


@pytest.mark.parametrize(("name", "method", "spec"), FOUND, ids=[name for name, _, _ in FOUND])
def test_the_list_of_nobody_is_refused(name: str, method: Any, spec: Any) -> None:
    with pytest.raises(Failure) as refused:
        ask(name.partition(".")[0], method, spec, "nobody")
    assert isinstance(refused.value, NotFound), refused.value.code
    assert refused.value.code == "person_not_found"


@pytest.mark.parametrize(
    ("name", "method", "spec"),
    [one for one in FOUND if not one[0].startswith("people.")],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_the_list_of_somebody_who_has_nothing_is_empty(name: str, method: Any, spec: Any) -> None:
    """Also of who was erased: what is kept of them may be looked at."""
    service = name.partition(".")[0]
    for known in ({"name": "Rita", "categories": ["client"]}, {"erased": True}):
        found = ask(service, method, spec, "p1", {"_id": "p1", "sequence": 1, **known})
        assert found["items"] == []


def test_who_is_remembered_is_not_read_again_but_stays_hidden_from_whom_their_role_hides() -> None:
    memory = Memory(SchedulingSession, INDEXES)
    memory.collection("persons").insert({"_id": "p1", "name": "Rita", "categories": ["supplier"]})
    memory.session().require_person("p1")
    narrowed = Narrowed(memory, Actor("u2", "Gil", scopes={"category": ("client",)}), VISIBILITY_RULES)
    with pytest.raises(NotFound) as refused:
        memory.session(narrowed).require_person("p1")
    assert refused.value.code == "person_not_found"
