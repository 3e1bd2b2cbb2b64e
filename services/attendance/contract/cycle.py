"""Answering the service cycle (row A12)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.attendance.contract.configuration import Question
from services.chassis.inputs import Id
from services.chassis.schemas import JsonValue, Result, Strict
from services.chassis.texts import lines, one_line


class AnswerValue(JsonValue):
    """Plain JSON, its texts cleaned: the question says what it must be."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        plain = super()._deserialize(value, attr, data, **kwargs)
        if isinstance(plain, list):
            return [one_line(one) if isinstance(one, str) else one for one in plain]
        return lines(plain) if isinstance(plain, str) else plain


class AnswerCycle(Strict):
    """`answers` by question id; null takes an answer back."""

    attendance_id = Id(required=True)
    answers = fields.Dict(
        keys=Id(),
        values=AnswerValue(allow_none=True),
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
