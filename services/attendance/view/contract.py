"""All that the screen of one attendance shows, in one answer (rows A8, A9, A11, A12, A14); and of one person (G1)."""

from __future__ import annotations

from marshmallow import fields

from services.attendance.attachments.contract import AttachmentPage
from services.attendance.attendances.contract import AttendanceDetails
from services.attendance.attendances.model.attendance import OPEN, STATUSES
from services.attendance.critical.contract import CriticalCount
from services.attendance.cycles.contract import CycleOfAttendance
from services.attendance.drafts.contract import Draft
from services.attendance.entries.contract import EntryPage, FilledText
from services.attendance.filing.contract import FlowView, Neighbours
from services.attendance.shared.contract import AttendancePage
from services.chassis.filters import several
from services.chassis.inputs import Id
from services.chassis.schemas import Result, Strict


class GetAttendanceView(FlowView):
    """With `flow_id` the attendance was opened from that flow's list, as the other filters show it."""

    flow_id = Id(minimum=0, load_default=None, allow_none=True)
    attendance_id = Id(required=True)


class AttendanceView(Result):
    """`entries` and `attachments` are first pages; `staged`: files that the caller has sent and not recorded yet."""

    details = fields.Nested(AttendanceDetails)
    entries = fields.Nested(EntryPage)
    cycle = fields.Nested(CycleOfAttendance)
    draft = fields.Nested(Draft, allow_none=True, metadata={"description": "O rascunho de quem pergunta"})
    standard_texts = fields.List(fields.Nested(FilledText))
    attachments = fields.Nested(AttachmentPage)
    staged = fields.Nested(AttachmentPage)
    neighbours = fields.Nested(Neighbours, allow_none=True)


class GetPersonAttendances(Strict):
    person_id = Id(required=True)
    status = several(STATUSES, load_default=lambda: [OPEN], data_key="state")


class PersonAttendances(Result):
    """Row G1: the first page of a person's attendances in any of the states, counted; how many critical factors."""

    attendances = fields.Nested(AttendancePage)
    critical_factors = fields.Nested(CriticalCount)
