"""Service cycles (row A12): the questions of each center, and their answers. Pure: no store, no clock."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from services.chassis.errors import Conflict, Invalid, NotFound

TEXT, NUMBER, DATE, YES_NO, CHOICE, MULTIPLE = "text", "number", "date", "yes_no", "choice", "multiple"
QUESTION_KINDS = (TEXT, NUMBER, DATE, YES_NO, CHOICE, MULTIPLE)
MAX_TEXT = 4_000


@dataclass(frozen=True)
class Question:
    """`options` are the texts to choose from, of kinds choice and multiple only."""

    id: str
    text: str
    kind: str = TEXT
    options: tuple[str, ...] = ()
    required: bool = False
    order: int = 0
    help: str = ""

    def read(self, value: Any) -> Any:
        """The value as it is stored; None for null and empty values. Raises Invalid("answer_invalid")."""
        if value is None or value == "" or value == []:
            return None
        stored = _READERS[self.kind](value, self.options)
        if stored is None:
            detail = f"A resposta de “{self.text}” não serve: {_EXPECTED[self.kind]}."
            raise Invalid("answer_invalid", detail, fields={self.id: [detail]})
        return stored


@dataclass(frozen=True)
class CenterQuestions:
    """The questions that are asked in one center."""

    center_id: str
    questions: tuple[Question, ...]


@dataclass
class Cycle:
    id: str
    name: str
    centers: tuple[CenterQuestions, ...]
    version: int = 1

    @staticmethod
    def parts(data: Iterable[Mapping[str, Any]]) -> tuple[CenterQuestions, ...]:
        """Plain data -> questions by center, in their order; raises Invalid("cycle_invalid")."""
        parts = tuple(CenterQuestions(part["center_id"], _questions(part["questions"])) for part in data)
        _refuse_repeated(parts)
        return parts

    def as_parts(self) -> list[dict[str, Any]]:
        return [
            {"center_id": part.center_id, "questions": [_plain(q) for q in part.questions]} for part in self.centers
        ]

    def asked(self, visited: Iterable[str]) -> list[CenterQuestions]:
        """The parts of the centers visited, in the order of the visits."""
        parts = {part.center_id: part for part in self.centers}
        return [parts[center] for center in visited if center in parts]

    def answer(self, visited: Iterable[str], values: Mapping[str, Any]) -> list[tuple[Question, Any]]:
        """The answers (`values` by question id) as they are stored; only questions of `visited` centers take one.

        Raises NotFound("question_not_found"), Conflict("question_not_reached") or Invalid("answer_invalid").
        """
        reached = {question.id for part in self.asked(visited) for question in part.questions}
        questions = {question.id: question for part in self.centers for question in part.questions}
        for name in values:
            if name not in questions:
                raise NotFound("question_not_found", f"O ciclo não tem a pergunta “{name}”.")
            if name not in reached:
                raise Conflict(
                    "question_not_reached", f"O centro da pergunta “{questions[name].text}” não foi alcançado."
                )
        return [(questions[name], questions[name].read(value)) for name, value in values.items()]

    def missing(self, center_id: str | None, answered: Iterable[str]) -> list[Question]:
        """The required questions of a center without an answer (`answered`: question ids); they block leaving it."""
        done = set(answered)
        parts = [part for part in self.centers if part.center_id == center_id]
        return [q for part in parts for q in part.questions if q.required and q.id not in done]


@dataclass(frozen=True)
class CycleAnswer:
    """A question as it was asked, its answer, who gave it and when."""

    question_id: str
    question: str
    value: Any
    author: str
    author_name: str
    answered_at: dt.datetime


def answer_text(value: Any) -> str:
    """An answer as people read it."""
    if isinstance(value, bool):
        return "Sim" if value else "Não"
    if isinstance(value, list):
        return ", ".join(value)
    return "(sem resposta)" if value is None else str(value)


def _questions(data: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    questions = [Question(**{**question, "options": tuple(question.get("options") or ())}) for question in data]
    for question in questions:
        if (question.kind in (CHOICE, MULTIPLE)) != bool(question.options):
            raise _invalid(f"A pergunta “{question.text}” deve ter opções se, e somente se, for de escolha.")
        if len(set(question.options)) < len(question.options):
            raise _invalid(f"A pergunta “{question.text}” tem opções repetidas.")
    return tuple(sorted(questions, key=lambda question: question.order))


def _refuse_repeated(parts: tuple[CenterQuestions, ...]) -> None:
    for name, count in Counter(part.center_id for part in parts).items():
        if count > 1:
            raise _invalid(f"O centro “{name}” aparece {count} vezes.")
    for name, count in Counter(q.id for part in parts for q in part.questions).items():
        if count > 1:
            raise _invalid(f"Há {count} perguntas “{name}”.")


def _invalid(detail: str) -> Invalid:
    return Invalid("cycle_invalid", detail, fields={"centers": [detail]})


def _plain(question: Question) -> dict[str, Any]:
    return {**asdict(question), "options": list(question.options)}


def _text(value: Any, _: tuple[str, ...]) -> Any:
    return value.strip() if isinstance(value, str) and len(value) <= MAX_TEXT else None


def _number(value: Any, _: tuple[str, ...]) -> Any:
    """The number as decimal text, so that no digit is lost."""
    if isinstance(value, bool) or not isinstance(value, int | float | str) or len(str(value)) > 40:
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return format(number, "f") if number.is_finite() and abs(number.adjusted()) < 30 else None


def _date(value: Any, _: tuple[str, ...]) -> Any:
    """AAAA-MM-DD, and no other form that ISO 8601 has for a day."""
    try:
        return value if isinstance(value, str) and dt.date.fromisoformat(value).isoformat() == value else None
    except ValueError:
        return None


def _yes_no(value: Any, _: tuple[str, ...]) -> Any:
    return value if isinstance(value, bool) else None


def _choice(value: Any, options: tuple[str, ...]) -> Any:
    return value if isinstance(value, str) and value in options else None


def _multiple(value: Any, options: tuple[str, ...]) -> Any:
    if not isinstance(value, list) or not all(isinstance(item, str) and item in options for item in value):
        return None
    return [option for option in options if option in value]


_READERS = {TEXT: _text, NUMBER: _number, DATE: _date, YES_NO: _yes_no, CHOICE: _choice, MULTIPLE: _multiple}
_EXPECTED = {
    TEXT: f"espera-se um texto de até {MAX_TEXT} caracteres",
    NUMBER: "espera-se um número",
    DATE: "espera-se uma data AAAA-MM-DD",
    YES_NO: "espera-se sim ou não (true ou false)",
    CHOICE: "espera-se uma das opções",
    MULTIPLE: "espera-se uma lista das opções",
}
