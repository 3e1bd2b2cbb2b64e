"""The filters of lists: several states together, the days of a period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from marshmallow import ValidationError, fields, validate

from services.chassis.inputs import Choice


class Several(fields.List):  # type: ignore[type-arg]
    """Of the previous version's gateway one word comes alone, or null for none."""

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        if value is None:
            return []
        return super().deserialize([value] if isinstance(value, str) else value, attr, data, **kwargs)


def several(choices: Sequence[str], **options: Any) -> fields.List[Any]:
    """Any of the states named; in a query string the parameter is repeated. None named: all of them."""
    given = {"load_default": list, **options}
    return Several(Choice(choices, required=True), validate=validate.Length(max=len(choices)), **given)


def must_be_in_order(first: dt.date | None, last: dt.date | None, field: str) -> None:
    """Raises marshmallow's ValidationError on `field`, the last day."""
    if first and last and first > last:
        raise ValidationError("O período termina antes de começar.", field)
