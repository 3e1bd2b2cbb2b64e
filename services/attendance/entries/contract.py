"""Entries of an attendance, and its steps through the workflow (rows A8, A10, A11)."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.attendance.attachments.contract import AttachmentSummary
from services.attendance.attendances.model.attendance import ENTRY_KINDS as ENTRY_KINDS
from services.attendance.centers.contract import Center
from services.attendance.cycles.contract import Question
from services.attendance.shared.contract import Attendance
from services.chassis.inputs import Choice, Cursor, Day, Flag, Id, Text, Whole
from services.chassis.references import USERS, Reference
from services.chassis.schemas import Result, Strict, json_object, page_of


class Step(Strict):
    """One step of the workflow: an answer to the decision, or a center. `position`: the one that the user saw."""

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
    """Row A8: a text, or a standard text of the type with its variables filled in.

    `confirm`: the response holds the next step. A step given here is taken at once. `notify_customer` (row A10): the
    customer receives a copy. `next_contact_date` defaults to the type's number of days from today. `attachment_ids`:
    attachments that the author has staged.
    """

    attendance_id = Id(required=True)
    text = Text(20_000, load_default="")
    standard_text_id = Id(minimum=0, load_default=None, allow_none=True)
    next_contact_date = Day(load_default=None, allow_none=True)
    notify_customer = Flag(load_default=False)
    confirm = Flag(load_default=False)
    attachment_ids = fields.List(Id(minimum=0), load_default=list, validate=validate.Length(max=50))


class MoveAttendance(Step):
    """Row A8: the step after an entry that was recorded with `confirm`."""

    attendance_id = Id(required=True)
    text = Text(20_000, load_default="")

    @validates_schema
    def some_step(self, data: dict[str, Any], **_: Any) -> None:
        if not data.get("answer") and not data.get("center_id"):
            raise ValidationError("Responda à decisão (answer) ou escolha um centro (center_id).", "center_id")


class Entry(Result):
    """`kind`: note (parecer), move, cycle, change, filing, system, or the kind of an opportunity's action.

    `data` describes a step or a change for programs.
    """

    id = fields.String()
    attendance_id = fields.String()
    kind = Choice(ENTRY_KINDS)
    text = fields.String()
    recorded_by = Reference(USERS, "author", "author_name")
    recorded_at = fields.DateTime()
    number = fields.Integer()
    standard = fields.Boolean()
    standard_text = Reference("standard_texts", named="standard_text_name", allow_none=True)
    notified_customer = fields.Boolean()
    data = json_object()
    attachments = fields.List(fields.Nested(AttachmentSummary))


class OfferedAnswer(Result):
    id = fields.String()
    text = fields.String()


class Decision(Result):
    item_id = fields.String()
    question = fields.String()
    answers = fields.List(fields.Nested(OfferedAnswer))


STEP_KINDS = ("none", "end", "centers", "decision")


class Next(Result):
    """The next step. `kind`: decision, centers, end (closed), or none (no workflow).

    `missing`: required questions of the current center, which block leaving it. A step must repeat `position`.
    """

    kind = Choice(STEP_KINDS)
    position = fields.Integer()
    decision = fields.Nested(Decision, allow_none=True)
    centers = fields.List(fields.Nested(Center))
    missing = fields.List(fields.Nested(Question))


class RecordedEntry(Entry):
    """The entry; with `confirm` or a step, also the next step and the attendance as it is now (else null)."""

    next = fields.Nested(Next, allow_none=True)
    attendance = fields.Nested(Attendance, allow_none=True)


class MovedAttendance(Result):
    attendance = fields.Nested(Attendance)
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
    """All entries by `recorded_at`, latest first; an action's entry has the time of the action, not of its arrival."""

    attendance_id = Id(required=True)
    limit = Whole(1, 100, load_default=20)
    cursor = Cursor()


EntryPage = page_of(Entry, "EntryPage")
