"""Each entrypoint says which section of a person's page it belongs to, or why to none (chassis/access/sections.py)."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from marshmallow import Schema, fields

from deploy.topology import SERVICES
from services.chassis.access.sections import KINDS, METADATA, Apart, Section
from services.chassis.schemas import instance
from services.people.access.model import SCOPES
from services.people.options.model import SECTIONS


def declared() -> Iterator[tuple[str, Section, tuple[str, ...], type[Schema]]]:
    for service in SERVICES:
        for name, method in inspect.getmembers(service, inspect.isfunction):
            if "chassis_rpc" in vars(method):
                spec = vars(method)["chassis_rpc"]
                yield f"{service.name}.{name}", spec.section, spec.unnarrowed, spec.gives


def names_of(section: Section) -> set[str]:
    if section is None or isinstance(section, Apart):
        return set()
    return {section} if isinstance(section, str) else set(section)


def metadata_of(schema: Schema) -> Iterator[Section]:
    for field in schema.fields.values():
        yield from _of_field(field)


def _of_field(field: fields.Field[Any]) -> Iterator[Section]:
    if METADATA in field.metadata:
        yield field.metadata[METADATA]
    if isinstance(field, fields.List):
        yield from _of_field(field.inner)
    if isinstance(field, fields.Nested):
        yield from metadata_of(field.schema)


def test_every_entrypoint_declares_its_section_or_why_it_has_none() -> None:
    found = list(declared())
    print(f"{len(found)} entrypoints")
    assert len(found) > 250
    assert [name for name, section, _, _ in found if not section] == []
    assert [name for name, section, _, _ in found if isinstance(section, Apart) and " " not in section] == []


def test_every_section_that_is_named_is_one_of_a_persons_page() -> None:
    named = {one for _, section, _, _ in declared() for one in names_of(section)}
    named |= {one for *_, gives in declared() for section in metadata_of(instance(gives)) for one in names_of(section)}
    assert named == set(SECTIONS)


def test_what_can_not_be_narrowed_names_kinds_of_scopes() -> None:
    assert set(KINDS) == set(SCOPES)
    assert {kind for _, _, whole, _ in declared() for kind in whole} <= set(KINDS)
