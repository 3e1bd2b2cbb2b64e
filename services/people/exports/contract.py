"""Exporting persons (row P8)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Cursor, Line
from services.chassis.schemas import Result, Strict
from services.people.imports.model.columns import EXPORTED

EXPORT_TITLES = [column.title for column in EXPORTED]


class BeginExport(Strict):
    q = Line(150, load_default="")


class ExportBegun(Result):
    id = fields.String()


class ListExportRows(Strict):
    q = Line(150, load_default="")
    cursor = Cursor()


class ExportRows(Result):
    """Cells in the order of EXPORT_TITLES."""

    rows = fields.List(fields.List(fields.String()))
    next_cursor = fields.String(allow_none=True)
