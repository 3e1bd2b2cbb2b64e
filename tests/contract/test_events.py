"""Every event has a golden sample: its producer writes it, each consumer reads it, and fields added later disturb none.

A sample is a promise to deployed readers: fields are added to it, never renamed or removed.
"""

from __future__ import annotations

import importlib
import inspect
import json
from typing import Any

import pytest
from marshmallow import RAISE, Schema

from deploy.topology import SERVICES
from services.chassis.handling.extensions import EventEntrypoint
from services.chassis.process.service import Service
from services.chassis.schemas import Event, load
from tests.support import later
from tests.support.golden import SAMPLES


def events_of(service: type[Service]) -> Any:
    return importlib.import_module(f"services.{service.name}.events")


EVENTS: list[Event] = [event for service in SERVICES for event in events_of(service).EVENTS]
PROMISED = {f"{event.source}.{event.name}": event for event in EVENTS}


def readers() -> list[tuple[str, str, type[Schema]]]:
    """(reader, event, schema) of every subscription: a handler keeps the schema that it was declared with."""
    found = []
    for service in SERVICES:
        for _, method in inspect.getmembers(service, inspect.isfunction):
            for entrypoint in getattr(method, "nameko_entrypoints", ()):
                if isinstance(entrypoint, EventEntrypoint):
                    takes = vars(method)["chassis_subscriber"].takes
                    found.append((service.name, f"{entrypoint.source}.{entrypoint.event}", takes))
    return found


def sample(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text())
    return data


@pytest.mark.parametrize("name", sorted(PROMISED))
def test_the_producer_writes_its_sample(name: str) -> None:
    golden = sample(name)
    loaded = PROMISED[name].schema(unknown=RAISE).load(golden)
    assert PROMISED[name].schema().dump(loaded) == golden


@pytest.mark.parametrize(("reader", "name", "schema"), readers())
def test_a_reader_takes_the_sample_and_ignores_what_it_does_not_know(
    reader: str, name: str, schema: type[Schema]
) -> None:
    golden = sample(name)
    known = load(schema, golden)
    assert known, f"{reader} reads nothing of {name}"
    assert load(schema, later.event(PROMISED[name].schema, golden)) == known


def test_every_sample_belongs_to_a_promised_event() -> None:
    assert {path.stem for path in SAMPLES.glob("*.json")} == set(PROMISED)


def test_an_event_bears_the_name_of_its_source() -> None:
    for service in SERVICES:
        assert all(event.source == service.name for event in events_of(service).EVENTS)
