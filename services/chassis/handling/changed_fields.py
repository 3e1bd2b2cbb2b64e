"""The `changed_fields` of a 412, by the API's names.

storage/changes.py reports them by the names of the database, which also has fields that no answer shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema

from services.chassis.access import sections
from services.chassis.access.visibility import Sight
from services.chassis.errors import Failure
from services.chassis.references import Reference, References
from services.chassis.schemas import instance

CHANGED = "changed_fields"


def translate_changed_fields(refusal: Exception, gives: type[Schema], sight: Sight) -> Exception:
    """Translates the refusal's `changed_fields` in place, and returns the refusal.

    Fields that the answer lacks and fields of hidden sections are left out. Where the answer has no `version`, or none
    of the fields, it is not the record, and the list is removed.
    """
    if not isinstance(refusal, Failure) or CHANGED not in refusal.params:
        return refusal
    changed, answer = set(refusal.params.pop(CHANGED)), instance(gives).dump_fields
    if "version" not in answer:
        return refusal
    told = sorted(
        field.data_key or name for name, field in answer.items()
        if changed.intersection(_stored_names(name, field))
        and sections.sees(sight, field.metadata.get(sections.METADATA, sections.Apart()))
    )  # fmt: skip
    if told or not changed:
        refusal.params[CHANGED] = told
    return refusal


def _stored_names(name: str, field: Any) -> Iterator[str]:
    """The names that a field of the answer may have in the stored record."""
    yield field.attribute or name
    if isinstance(field, Reference | References):
        yield field.of or f"{name}_id"
        yield getattr(field, "named", None) or name
