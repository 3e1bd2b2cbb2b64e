"""Input fields of list filters: a choice of several states, and the check of a period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from marshmallow import ValidationError, fields, validate

from services.chassis.inputs import Choice


class Several(fields.List):  # type: ignore[type-arg]
    """A list that also takes a single word, or null, as the previous version's gateway sends them."""

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        if value is None:
            return []
        return super().deserialize([value] if isinstance(value, str) else value, attr, data, **kwargs)


def several(choices: Sequence[str], **options: Any) -> fields.List[Any]:
    """A field for several of `choices`, empty by default; in a query string the parameter is repeated."""
    settings = {"load_default": list, **options}
    return Several(Choice(choices, required=True), validate=validate.Length(max=len(choices)), **settings)


def must_be_in_order(first: dt.date | None, last: dt.date | None, field: str) -> None:
    """Raises marshmallow's ValidationError on `field`, the last day."""
    if first and last and first > last:
        raise ValidationError("O período termina antes de começar.", field)
