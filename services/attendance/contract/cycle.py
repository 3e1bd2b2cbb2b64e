"""Answering the service cycle (row A12)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.attendance.contract.configuration import Question
from services.chassis.schemas import JsonValue, Result, Strict, text


class AnswerCycle(Strict):
    """`answers` by question id; null takes an answer back."""

    attendance_id = text(64)
    answers = fields.Dict(
        keys=fields.String(validate=validate.Length(max=64)),
        values=JsonValue(allow_none=True),
        required=True,
        validate=validate.Length(min=1, max=200),
    )


class AnsweredQuestion(Question):
    """A question with its last answer, who gave it and when (null: none yet)."""

    value = JsonValue(allow_none=True)
    answered_by = fields.String(allow_none=True)
    answered_by_name = fields.String(allow_none=True)
    answered_at = fields.DateTime(allow_none=True)


class AnsweredCenter(Result):
    center_id = fields.String()
    center_name = fields.String()
    current = fields.Boolean()
    questions = fields.List(fields.Nested(AnsweredQuestion))


class CycleOfAttendance(Result):
    """The current center and the earlier ones, in the order they were reached."""

    cycle_id = fields.String(allow_none=True)
    centers = fields.List(fields.Nested(AnsweredCenter))
    missing = fields.List(fields.String())
