"""Which fields a 412 says have changed: those of the answer, by the API's names.

The database names them otherwise, and keeps fields that no answer shows (storage/changes.py).
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


def name_as_answered(refusal: Exception, gives: type[Schema], sight: Sight) -> Exception:
    """The refusal, changed in place: without the fields where the answer is not the record (it has no version), and
    without those of sections that the user does not see."""
    if not isinstance(refusal, Failure) or CHANGED not in refusal.params:
        return refusal
    changed, answer = set(refusal.params.pop(CHANGED)), instance(gives).dump_fields
    if "version" not in answer:
        return refusal
    refusal.params[CHANGED] = sorted(
        field.data_key or name for name, field in answer.items()
        if changed.intersection(_kept_as(name, field))
        and sections.sees(sight, field.metadata.get(sections.METADATA, sections.Apart()))
    )  # fmt: skip
    return refusal


def _kept_as(name: str, field: Any) -> Iterator[str]:
    """The names that a field may have in the record."""
    yield field.attribute or name
    if isinstance(field, Reference | References):
        yield field.of or f"{name}_id"
        yield getattr(field, "named", None) or name
