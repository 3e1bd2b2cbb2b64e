"""Importing persons (row P8)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.schemas import Result, Strict


class ImportPersons(Strict):
    """A chunk of an import: at most 200 rows, each a RegisterPerson with its line number."""

    rows = fields.List(fields.Dict(), required=True, validate=validate.Length(min=1, max=200))


class ImportLine(Result):
    line = fields.Integer()
    outcome = fields.String(validate=validate.OneOf(("registered", "existing", "refused")))
    person_id = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)


class ImportReport(Result):
    lines = fields.List(fields.Nested(ImportLine))
