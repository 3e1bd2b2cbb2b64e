"""Importing persons from CSV files (row P8)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.inputs import Base64, Choice, Cursor, Flag, Id, Line, Whole
from services.chassis.schemas import ById, Result, Strict, page_of
from services.people.categories.model import CATEGORIES
from services.people.imports.model.columns import FIELDS
from services.people.imports.model.csv_text import ENCODINGS, SEPARATORS
from services.people.imports.model.imports import EXISTING, MAX_BYTES, OUTCOMES, PART_BYTES, STATES

REPORT_CHUNKS = 40
# How a file travels: of what size its parts are, but for the last.
UPLOAD_BYTES = PART_BYTES


class BeginImport(Strict):
    """`size` in bytes."""

    name = Line(200, load_default="")
    size = Whole(1, MAX_BYTES, required=True)


class AddImportPart(ById):
    """Parts of PART_BYTES, the last one shorter, numbered from 0, in order."""

    number = Whole(0, required=True)
    data = Base64(required=True, validate=validate.Length(min=1, max=PART_BYTES))


class PartReceived(Result):
    parts = fields.Integer()


class ColumnField(Strict):
    """`index` counts from 0; `field` null leaves the column out."""

    index = Whole(0, required=True)
    field = Choice([*FIELDS], required=True, allow_none=True)


class ImportChoices(Strict):
    """What the user corrects before the start; another encoding or separator reads the header again first.

    `existing`: what happens to persons who are there already; `update` changes what the file changes: an absent column
    and an empty cell change nothing.
    `category` is given where a row names none.
    """

    encoding = Choice(ENCODINGS)
    separator = Choice(SEPARATORS)
    columns = fields.List(fields.Nested(ColumnField), load_default=list, validate=validate.Length(max=200))
    existing = Choice(EXISTING, load_default=None)
    category = Choice(CATEGORIES, load_default=None)


class ChangeImport(ImportChoices):
    id = Id(required=True)


class ImportStart(Strict):
    """A dry run reads and checks every row, reports, and registers nobody."""

    dry_run = Flag(load_default=False)


class StartImport(ImportStart):
    id = Id(required=True)


class ListImports(Strict):
    limit = Whole(1, 100, load_default=20)
    cursor = Cursor()


class GetImportReport(ById):
    """`first` is the number of a chunk; the answer names the next one."""

    first = Whole(0, load_default=0)


class ImportColumn(Result):
    """`note` says in Portuguese what to know of the column: that it is not imported, or where its texts go."""

    index = fields.Integer()
    header = fields.String()
    field = fields.String(allow_none=True)
    note = fields.String(allow_none=True)


class ImportCounts(Result):
    registered = fields.Integer()
    updated = fields.Integer()
    existing = fields.Integer()
    refused = fields.Integer()
    warned = fields.Integer(metadata={"description": "Registered, and a probable duplicate"})
    left_out = fields.Integer(metadata={"description": "Taken, but for something that the report names"})


class Import(Result):
    """`progress` in percent of the file; `failure` says in Portuguese why a failed one stopped."""

    id = fields.String()
    name = fields.String()
    size = fields.Integer()
    state = fields.String(validate=validate.OneOf(STATES))
    encoding = fields.String()
    separator = fields.String()
    layout = fields.String()
    columns = fields.List(fields.Nested(ImportColumn))
    existing = fields.String()
    category = fields.String()
    dry_run = fields.Boolean()
    counts = fields.Nested(ImportCounts)
    progress = fields.Integer()
    failure = fields.String(allow_none=True)
    created_by_name = fields.String()
    created_at = fields.DateTime()
    started_at = fields.DateTime(allow_none=True)
    finished_at = fields.DateTime(allow_none=True)


class PreviewRow(Result):
    """`cells` by header index, as read; either `reason` says why it would be refused, or it would be taken.

    `left_out` says what of the row would not come in.
    """

    line = fields.Integer()
    cells = fields.List(fields.String())
    reason = fields.String(allow_none=True)
    left_out = fields.List(fields.String())


class PreviewError(Result):
    line = fields.Integer()
    reason = fields.String()


class ImportPreview(Result):
    """The first rows, and the first refusals among the `checked` first ones."""

    rows = fields.List(fields.Nested(PreviewRow))
    checked = fields.Integer()
    refused = fields.Integer()
    errors = fields.List(fields.Nested(PreviewError))


class ImportLine(Result):
    """`code` is the person's; `warning`: it is registered, and probably somebody who is there already.

    `left_out`: what of the line did not come in, a sentence each, by column and without the value. `changed`: what of
    an updated person is new, by field.
    """

    line = fields.Integer()
    outcome = fields.String(validate=validate.OneOf(OUTCOMES))
    code = fields.Integer(allow_none=True)
    reason = fields.String(allow_none=True)
    warning = fields.String(allow_none=True)
    left_out = fields.List(fields.String())
    changed = fields.List(fields.String())


class ImportReport(Result):
    lines = fields.List(fields.Nested(ImportLine))
    next = fields.Integer(allow_none=True)


ImportPage = page_of(Import, "ImportPage")
