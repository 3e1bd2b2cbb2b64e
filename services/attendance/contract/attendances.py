"""Opening attendances, their entries, and their way through the workflow (rows A7, A8, A11)."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.attendance.contract.attachments import AttachmentSummary
from services.attendance.contract.configuration import Center, Question
from services.chassis.inputs import Cursor, Day, Flag, Id, Line, Moment, Text, Whole
from services.chassis.schemas import Result, Strict, json_object, page_of


class OpenAttendance(Strict):
    """Row A7: on a registered person, with an optional first entry.

    `contact`: the name of one of the person's registered contacts. `dedup_key`: of another system; the same key
    answers the same attendance. With `flow_id` it is filed there, with the tags `tag_ids`.
    """

    person_id = Id(required=True)
    title = Line(200, required=True)
    flow_id = Id(minimum=0, load_default=None, allow_none=True)
    tag_ids = fields.List(Id(required=True), load_default=list, validate=validate.Length(max=100))
    text = Text(20_000, load_default="")
    type_id = Id(minimum=0, load_default=None, allow_none=True)
    contact = Line(150, load_default=None, allow_none=True)
    due_at = Moment(load_default=None, allow_none=True)
    next_user_id = Id(minimum=0, load_default=None, allow_none=True)
    dedup_key = Line(200, minimum=1, load_default=None, allow_none=True)


class Step(Strict):
    """One step of the workflow: an answer to the decision, or a center. `position` is where its taker saw it."""

    answer = Id(load_default=None, allow_none=True)
    center_id = Id(load_default=None, allow_none=True)
    next_user_id = Id(minimum=0, load_default=None, allow_none=True)
    position = Whole(0, load_default=None, allow_none=True)

    @validates_schema
    def one_step(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("answer") and data.get("center_id"):
            raise ValidationError("Responda à decisão ou escolha um centro, um de cada vez.", "center_id")
        if (data.get("answer") or data.get("center_id")) and data.get("position") is None:
            raise ValidationError("Informe a posição em que o atendimento foi visto (position).", "position")


class RecordEntry(Step):
    """Row A8: a text, or a standard text of the type, with its variables filled in.

    `confirm` answers with the next step; a step given here is taken at once. `notify_customer` (row A10): the
    customer receives a copy. Without `next_contact_date` the type's days count. `attachment_ids`: files that the author
    sent for this entry.
    """

    attendance_id = Id(required=True)
    text = Text(20_000, load_default="")
    standard_text_id = Id(minimum=0, load_default=None, allow_none=True)
    next_contact_date = Day(load_default=None, allow_none=True)
    notify_customer = Flag(load_default=False)
    confirm = Flag(load_default=False)
    attachment_ids = fields.List(Id(minimum=0), load_default=list, validate=validate.Length(max=50))


class MoveAttendance(Step):
    """Row A8: the second call of a confirmed entry."""

    attendance_id = Id(required=True)
    text = Text(20_000, load_default="")

    @validates_schema
    def some_step(self, data: dict[str, Any], **_: Any) -> None:
        if not data.get("answer") and not data.get("center_id"):
            raise ValidationError("Responda à decisão (answer) ou escolha um centro (center_id).", "center_id")


class OfAttendance(Strict):
    attendance_id = Id(required=True)


class CloseAttendance(OfAttendance):
    pass


class DuplicateAttendance(OfAttendance):
    """Row A11."""


class ChangeAttendance(Strict):
    """Row A11: only what is given changes; a null date is taken back."""

    attendance_id = Id(required=True)
    title = Line(200)
    internal_contact_date = Day(allow_none=True)

    @validates_schema
    def no_empty_title(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("title") == "":
            raise ValidationError("Informe o assunto.", "title")


class Entry(Result):
    """`kind`: note (parecer), move, cycle, change, filing or system.

    `data` explains a step or a change to programs.
    """

    id = fields.String()
    attendance_id = fields.String()
    kind = fields.String()
    text = fields.String()
    author = fields.String()
    author_name = fields.String()
    recorded_at = fields.DateTime()
    number = fields.Integer()
    standard = fields.Boolean()
    standard_text_id = fields.String(allow_none=True)
    notified_customer = fields.Boolean()
    data = json_object()
    attachments = fields.List(fields.Nested(AttachmentSummary))


class Attendance(Result):
    id = fields.String()
    person_id = fields.String()
    title = fields.String()
    status = fields.String()
    reference = fields.Integer()
    entry_count = fields.Integer()
    last_entry_at = fields.DateTime(allow_none=True)
    opened_at = fields.DateTime()
    closed_at = fields.DateTime(allow_none=True)
    version = fields.Integer()
    contact = fields.String(allow_none=True)
    type_id = fields.String(allow_none=True)
    workflow_id = fields.String(allow_none=True)
    workflow_version = fields.Integer()
    item_id = fields.String(allow_none=True)
    center_id = fields.String(allow_none=True)
    visited = fields.List(fields.String())
    position = fields.Integer()
    cycle_id = fields.String(allow_none=True)
    next_user_id = fields.String(allow_none=True)
    due_at = fields.DateTime(allow_none=True)
    contact_date = fields.Date(allow_none=True)
    internal_contact_date = fields.Date(allow_none=True)
    dedup_key = fields.String(allow_none=True)
    duplicate_of = fields.String(allow_none=True)
    contact_name = fields.String()
    filed = fields.String()
    flow_id = fields.String(allow_none=True)
    tags = fields.List(fields.String())
    value = fields.Decimal(as_string=True, places=2, metadata={"type": "string"})
    currency = fields.String()
    quotes_in_approval = fields.Integer()
    updated_at = fields.DateTime()


class OpenedAttendance(Attendance):
    """`created` is false where the deduplication key had opened it before."""

    created = fields.Boolean()


class OfferedAnswer(Result):
    id = fields.String()
    text = fields.String()


class Decision(Result):
    item_id = fields.String()
    question = fields.String()
    answers = fields.List(fields.Nested(OfferedAnswer))


class Next(Result):
    """The next step. `kind`: decision, centers, end (closed), or none (no workflow).

    `missing`: required questions of the current center, which block leaving it. A step names `position`.
    """

    kind = fields.String()
    position = fields.Integer()
    decision = fields.Nested(Decision, allow_none=True)
    centers = fields.List(fields.Nested(Center))
    missing = fields.List(fields.Nested(Question))


class RecordedEntry(Entry):
    """The entry; and, where it was confirmed, the next step and the attendance as it is now."""

    next = fields.Nested(Next, allow_none=True)
    attendance = fields.Nested(Attendance, allow_none=True)


class MovedAttendance(Result):
    attendance = fields.Nested(Attendance)
    next = fields.Nested(Next)


class AttendanceDetails(Result):
    """Row A11: the attendance with the names behind its ids, and what can be done next."""

    attendance = fields.Nested(Attendance)
    person_name = fields.String()
    type_name = fields.String(allow_none=True)
    priority = fields.String(allow_none=True)
    colour = fields.String(allow_none=True)
    center_name = fields.String(allow_none=True)
    workflow_name = fields.String(allow_none=True)
    next = fields.Nested(Next)


class FilledText(Result):
    """A standard text of the type, its variables filled in for this attendance."""

    id = fields.String()
    name = fields.String()
    use = fields.String()
    text = fields.String()


class FilledTexts(Result):
    items = fields.List(fields.Nested(FilledText))


class ListEntries(Strict):
    """Row A11: all entries, or only those made with a standard text."""

    attendance_id = Id(required=True)
    standard = Flag(load_default=False)
    limit = Whole(1, 100, load_default=20)
    cursor = Cursor()


class ListEntriesInTime(Strict):
    """All entries, the latest told first: an action's entry arrives after it happened, and bears its time."""

    attendance_id = Id(required=True)
    limit = Whole(1, 100, load_default=20)
    cursor = Cursor()


AttendancePage = page_of(Attendance, "AttendancePage")
EntryPage = page_of(Entry, "EntryPage")
