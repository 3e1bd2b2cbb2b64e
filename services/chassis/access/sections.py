"""Access by section of a person's page (services/people/options/model.py): each entrypoint, and each field of an answer
where it differs, declares its section. A role that names sections reaches those, and what is declared `Apart`.

An entrypoint without a declaration is refused to users with such a role; a test in tests/architecture finds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from services.chassis.access.visibility import ATTENDANCE_TYPE, CATEGORY, FLOW, SECTION, Sight
from services.chassis.errors import Forbidden

METADATA = "section"


class Apart(str):
    """Declares that something is in no section; the text says why."""

    __slots__ = ()


class AnyOf(tuple[str, ...]):
    """Declares that each row is in one of these sections; it is enough to see one of them."""

    __slots__ = ()


# One section; several, all of which the user must see; None where none was declared.
Section = str | tuple[str, ...] | AnyOf | Apart | None


def of(section: Section) -> dict[str, Section]:
    """The metadata of a field that belongs to a section."""
    return {METADATA: section}


CONFIGURATION = Apart("how the company works: nothing of a person")
ACCESS = Apart("users, roles, keys and the company: nothing of a person's page")
RECORD = Apart("the person's record itself, which every page shows")
# All kinds of scope, for entrypoints that show everything of a person or of the company.
KINDS = (SECTION, CATEGORY, ATTENDANCE_TYPE, FLOW)


def sees(sight: Sight, section: Section) -> bool:
    if isinstance(section, Apart) or not sight.narrowed(SECTION):
        return True
    if isinstance(section, AnyOf):
        return any(map(sight.section, section))
    names = (section,) if isinstance(section, str) else section
    return bool(names) and all(map(sight.section, names or ()))


def refuse(sight: Sight, section: Section, unnarrowed: tuple[str, ...] = ()) -> None:
    """Raises Forbidden("section_hidden") unless the user sees the section, and Forbidden("scope_narrowed") where their
    role is narrowed in one of the kinds `unnarrowed`: for operations that concern the whole company."""
    if not sees(sight, section):
        raise Forbidden("section_hidden", "O seu papel não alcança esta seção da pessoa.")
    if sight.narrowed(*unnarrowed):
        detail = "Esta operação abrange a empresa toda, e o seu papel alcança só uma parte dela."
        raise Forbidden("scope_narrowed", detail)


def refuse_hidden_fields(sight: Sight, schema: Schema, data: Mapping[str, Any]) -> None:
    """Raises Forbidden("section_hidden") where the input has a value for a field of a hidden section."""
    for name, field in schema.fields.items():
        if data.get(name):
            refuse(sight, field.metadata.get(METADATA, Apart()))


def visible_part(schema: Schema, answer: Any, sight: Sight) -> Any:
    """The answer without the values of hidden sections: lists become empty, other fields null."""
    return _visible_part(schema, answer, sight) if sight.narrowed(SECTION) else answer


def _visible_part(schema: Schema, answer: Any, sight: Sight) -> Any:
    if not isinstance(answer, Mapping):
        return answer
    return {name: _value(schema.fields.get(name), value, sight) for name, value in answer.items()}


def _value(field: fields.Field[Any] | None, value: Any, sight: Sight) -> Any:
    if field is None or value is None:
        return value
    if not sees(sight, field.metadata.get(METADATA, Apart())):
        return [] if isinstance(value, list) else None
    if isinstance(field, fields.Nested):
        return _visible_part(field.schema, value, sight)
    if isinstance(field, fields.List) and isinstance(value, list):
        return [_value(field.inner, item, sight) for item in value]
    return value
