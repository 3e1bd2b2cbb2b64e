"""The fields by which an answer refers to another record: always `{id, name}`.

The use case returns the id, as its record has it, and the name where the record stores one. Every other name is looked
up when the answer is dumped, all names of a kind by one read (handling/naming.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, missing

from services.chassis.schemas import Result

USERS, PERSONS = "users", "persons"
NOTHING = (None, missing, "")


class Named(Result):
    """`name` is null for a record that does not exist any more, or is not replicated yet."""

    id = fields.String()
    name = fields.String(allow_none=True)


class Who(Result):
    """A user. `id` is null where only the name was recorded; `name` is null for a user not replicated yet."""

    id = fields.String(allow_none=True)
    name = fields.String(allow_none=True)


class Reference(fields.Nested):
    """A reference to one record, or null. `kind`: whose names to look up (`Session.namers`).

    `of`: the field of the use case's result that has the id (or a mapping with id and name), by default `<field>_id`;
    `named`: the field that has the name. Where the result has the field itself, as a mapping or an object with id and
    name, that is used. `schema`: for another shape than `{id, name}`.
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
    """References to several records of one kind; the use case's result has the list of their ids in the field itself,
    or in `of`; one that is empty refers to nothing, and is left out."""

    def __init__(self, kind: str, of: str | None = None, **options: Any) -> None:
        super().__init__(fields.Nested(Who if kind == USERS else Named), **options)
        self.kind, self.of = kind, of

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **kwargs: Any) -> Any:
        found = _member(obj, self.of or attr)
        if found is missing or found is None:
            return found
        every = [reference(one, None) if isinstance(one, str) else reference(_member(one, "id"), _member(one, "name"))
                 for one in found]  # fmt: skip
        return [one for one in every if one is not None]


def reference(record_id: Any, name: Any) -> dict[str, Any] | None:
    """`{id, name}`; the name is null until it is looked up. None where both are empty."""
    if record_id in NOTHING and name in NOTHING:
        return None
    return {"id": None if record_id in NOTHING else record_id, "name": None if name in NOTHING else name}


def _member(value: Any, name: str) -> Any:
    return value.get(name, missing) if isinstance(value, Mapping) else getattr(value, name, missing)
