"""How an answer names another record: `{id, name}`, never an id alone, and never a name beside it.

The use case answers the id, as its record has it, and the name where that was kept with it; every other name is looked
up once the answer is written, all of a kind by one read (handling/naming.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, missing

from services.chassis.schemas import Result

USERS, PERSONS = "users", "persons"
NOTHING = (None, missing, "")


class Named(Result):
    """`name` is null of a record that is not there any more, or has not become known here yet."""

    id = fields.String()
    name = fields.String(allow_none=True)


class Who(Result):
    """A user. `id` is null where only the name was recorded, `name` where it has not become known here yet."""

    id = fields.String(allow_none=True)
    name = fields.String(allow_none=True)


class Reference(fields.Nested):
    """Another record; null where there is none. `kind`: whom to ask for its name (`Session.namers`).

    `of`: where the use case's answer has the id (or both), `<field>_id` unless given; `named`: where it has the name.
    What is in the field's own place, a mapping or an object with both, is taken as it is. `schema`: where it has
    another shape.
    """

    def __init__(
        self,
        kind: str,
        of: str | None = None,
        named: str | None = None,
        schema: type[Result] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(schema or (Who if kind == USERS else Named), **options)
        self.kind, self.of, self.named = kind, of, named

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **kwargs: Any) -> Any:
        own = _member(obj, attr)
        if own not in NOTHING and not isinstance(own, str):
            return reference(_member(own, "id"), _member(own, "name"))
        found, name = _member(obj, self.of or f"{attr}_id"), missing
        if isinstance(found, Mapping):
            return reference(found.get("id"), found.get("name"))
        if self.named is not None:
            name = _member(obj, self.named)
        return missing if found is missing and name is missing else reference(found, name)


class References(fields.List[Any]):
    """Several of a kind, of the list of their ids in the field's own place, or in `of`."""

    def __init__(self, kind: str, of: str | None = None, **options: Any) -> None:
        super().__init__(fields.Nested(Who if kind == USERS else Named), **options)
        self.kind, self.of = kind, of

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **kwargs: Any) -> Any:
        found = _member(obj, self.of or attr)
        if found is missing or found is None:
            return found
        return [reference(one, None) if isinstance(one, str) else reference(_member(one, "id"), _member(one, "name"))
                for one in found]  # fmt: skip


def reference(record_id: Any, name: Any) -> dict[str, Any] | None:
    """What is written of a record; its name null until it is looked up."""
    if record_id in NOTHING and name in NOTHING:
        return None
    return {"id": None if record_id in NOTHING else record_id, "name": None if name in NOTHING else name}


def _member(value: Any, name: str) -> Any:
    return value.get(name, missing) if isinstance(value, Mapping) else getattr(value, name, missing)
