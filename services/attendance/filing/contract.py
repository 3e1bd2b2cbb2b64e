"""The list of a flow, and filing attendances (rows A13, A14)."""

from __future__ import annotations

from marshmallow import fields

from services.attendance.attendances.model.attendance import STATUSES
from services.attendance.filing.model import FILINGS
from services.attendance.settings.model import COLUMNS
from services.attendance.tags.contract import Tag
from services.chassis.inputs import Choice, Code, Cursor, Id, Line, Whole
from services.chassis.references import PERSONS, Reference
from services.chassis.schemas import Result, Strict, page_of

SORT = (f"-?({'|'.join(COLUMNS)})", f"Ordene por: {', '.join(COLUMNS)}.")


class FlowView(Strict):
    """A view of a flow: `sort` is a column, descending with "-"; `q` searches reference, title, contact and dates."""

    flow_id = Id(required=True)
    sort = Code(*SORT, load_default="-updated_at")
    tag_id = Id(minimum=0, load_default=None, allow_none=True)
    q = Line(200, load_default="")
    filed = Choice(FILINGS, load_default="active")


class ListFlowAttendances(FlowView):
    limit = Whole(1, 100, load_default=20)
    cursor = Cursor()


class GetNeighbours(FlowView):
    attendance_id = Id(required=True)


class FlowRow(Result):
    """One row of the list; `value` is a decimal with two places, times carry the offset of the company's zone."""

    id = fields.String()
    person_id = fields.String()
    person = Reference(PERSONS)
    state = Choice(STATUSES, attribute="status")
    reference = fields.Integer()
    subject = fields.String(attribute="title")
    contact_name = fields.String()
    value = fields.Decimal(as_string=True, places=2, metadata={"type": "string"})
    currency = fields.String()
    updated_at = fields.DateTime()
    created_at = fields.DateTime()
    filed = Choice(FILINGS)
    tags = fields.List(fields.Nested(Tag))
    quotes_in_approval = fields.Integer()
    version = fields.Integer()


class Neighbours(Result):
    """Row A14: the ids before and after an attendance in the list; null at the ends."""

    previous = fields.String(allow_none=True)
    next = fields.String(allow_none=True)


class FileAttendance(Strict):
    attendance_id = Id(required=True)


class MoveToFlow(Strict):
    attendance_id = Id(required=True)
    flow_id = Id(required=True)


class Purged(Result):
    id = fields.String()
    entries = fields.Integer()


FlowPage = page_of(FlowRow, "FlowPage")
