"""Importing persons from CSV files (row P8)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.csv_text import ENCODINGS, SEPARATORS
from services.chassis.inputs import Base64, Choice, Cursor, Flag, Id, Line, Whole
from services.chassis.references import USERS, Reference
from services.chassis.schemas import SOMETIMES, ById, Result, Strict, page_of
from services.people.categories import contract as categories_contract
from services.people.categories.model import CATEGORIES
from services.people.imports.model.columns import FIELDS
from services.people.imports.model.imports import EXISTING, MAX_BYTES, OUTCOMES, PART_BYTES, STATES

REPORT_CHUNKS = 40
# The size in bytes of the parts in which the gateway sends a file.
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
    """The user's corrections before the start; another encoding or separator makes the header be read again first.

    `existing`: skip persons who exist already, or `update` them from the file, where a missing column and an empty cell
    change nothing. `category_id` is given to persons whose row names none.
    """

    encoding = Choice(ENCODINGS)
    separator = Choice(SEPARATORS)
    columns = fields.List(fields.Nested(ColumnField), load_default=list, validate=validate.Length(max=200))
    existing = Choice(EXISTING, load_default=None)
    category = Choice(CATEGORIES, load_default=None, data_key="category_id")


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
    """`first`: the number of the first chunk to answer; the answer's `next` is the one to continue with."""

    first = Whole(0, load_default=0)


class ImportColumn(Result):
    """`note`: a pt-BR remark on the column: that it is not imported, or where its texts go."""

    index = fields.Integer()
    header = fields.String()
    field = fields.String(allow_none=True)
    note = fields.String(allow_none=True)


class ImportCounts(Result):
    """What there is none of is left out."""

    registered = fields.Integer(metadata={SOMETIMES: True})
    updated = fields.Integer(metadata={SOMETIMES: True})
    existing = fields.Integer(metadata={SOMETIMES: True})
    refused = fields.Integer(metadata={SOMETIMES: True})
    warned = fields.Integer(metadata={SOMETIMES: True, "description": "Cadastradas, e prováveis duplicatas"})
    left_out = fields.Integer(metadata={SOMETIMES: True, "description": "Aceitas, menos algo que o relatório nomeia"})


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
    category = Reference(categories_contract.CATEGORIES, "category")
    dry_run = fields.Boolean()
    counts = fields.Nested(ImportCounts)
    progress = fields.Integer()
    failure = fields.String(allow_none=True)
    created_by = Reference(USERS, "created_by", "created_by_name")
    created_at = fields.DateTime()
    started_at = fields.DateTime(allow_none=True)
    finished_at = fields.DateTime(allow_none=True)


class PreviewRow(Result):
    """`cells` in the order of the header. `reason`: why the row would be refused, null where it would be taken.

    `left_out`: the parts of the row that would not be imported, in pt-BR.
    """

    line = fields.Integer()
    cells = fields.List(fields.String())
    reason = fields.String(allow_none=True)
    left_out = fields.List(fields.String())


class PreviewError(Result):
    line = fields.Integer()
    reason = fields.String()


class ImportPreview(Result):
    """The first rows, and the first refusals among the first `checked` rows."""

    rows = fields.List(fields.Nested(PreviewRow))
    checked = fields.Integer()
    refused = fields.Integer()
    errors = fields.List(fields.Nested(PreviewError))


class ImportLine(Result):
    """The outcome of a line. `code`: the person's; `warning`: the new person is a probable duplicate.

    `left_out`: pt-BR sentences about parts of the line that were not imported, naming the column and not the value.
    `changed`: the titles of the fields in which an updated person changed.
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
