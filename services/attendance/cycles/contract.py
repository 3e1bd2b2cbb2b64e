"""Service cycles: configuring them (row A3), and answering them in an attendance (row A12)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.attendance.cycles.model import QUESTION_KINDS
from services.attendance.shared.contract import MAX_ITEMS, Changing, key, list_of
from services.chassis.inputs import Choice, Flag, Id, Line, Text, Whole
from services.chassis.references import USERS, Reference
from services.chassis.schemas import JsonValue, Result, Strict
from services.chassis.texts import lines, one_line


class Question(Strict):
    """A question of a cycle; only the kinds choice and multiple have `options`."""

    id = key()
    kind = Choice(QUESTION_KINDS, load_default="text")
    options = fields.List(Line(200, required=True), load_default=list, validate=validate.Length(max=100))
    required = Flag(load_default=False)
    order = Whole(0, 10_000, load_default=0)
    help = Text(1_000, load_default="")
    text = Line(300, required=True)


class CenterQuestionsInput(Strict):
    center_id = key()
    questions = fields.List(fields.Nested(Question), required=True, validate=validate.Length(max=100))


class CycleFields(Strict):
    """Row A3."""

    name = Line(100, required=True)
    centers = fields.List(fields.Nested(CenterQuestionsInput), required=True, validate=validate.Length(max=MAX_ITEMS))


class CreateCycle(CycleFields):
    id = key()


class ChangeCycle(CycleFields, Changing):
    id = Id(required=True)


class CenterQuestions(Result):
    center = Reference("centers")
    questions = fields.List(fields.Nested(Question))


class Cycle(Result):
    id = fields.String()
    name = fields.String()
    centers = fields.List(fields.Nested(CenterQuestions))
    version = fields.Integer()


CycleList = list_of(Cycle, "CycleList")


class AnswerValue(JsonValue):
    """A JSON value with cleaned texts; the question's kind decides which values it takes (model.Question.read)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        plain = super()._deserialize(value, attr, data, **kwargs)
        if isinstance(plain, list):
            return [one_line(item) if isinstance(item, str) else item for item in plain]
        return lines(plain) if isinstance(plain, str) else plain


class AnswerCycle(Strict):
    """`answers` by question id; null removes an answer."""

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
    answered_by = Reference(USERS, "answered_by", "answered_by_name", allow_none=True)
    answered_at = fields.DateTime(allow_none=True)


class AnsweredCenter(Result):
    center = Reference("centers", named="center_name")
    current = fields.Boolean()
    questions = fields.List(fields.Nested(AnsweredQuestion))


class CycleOfAttendance(Result):
    """Centers in the order they were reached; `missing`: ids of the required questions that block the next step."""

    cycle = Reference("cycles", allow_none=True)
    centers = fields.List(fields.Nested(AnsweredCenter))
    missing = fields.List(fields.String())
