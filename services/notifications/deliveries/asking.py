"""Whether mails may be sent: what is asked at the same moment, for entries that are heard and for mails that are sent,
is read together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pymongo

from services.chassis.handling.session import Actor
from services.chassis.jobs.rounds import Rounds
from services.chassis.process.runtime import Runtime
from services.notifications.session import NotificationsSession, Question

SENDER = Actor("sender", "Envio")
ASK_SECONDS = 0.002
# Of a round's commands; who asks waits for two rounds at most, one of them begun before.
ROUND_SECONDS = 3.5

Reasons = list[str | None]
Asking = Rounds[Question, Reasons]


def make_asking(runtime: Runtime) -> Asking:
    """Rounds that answer a reason, or None, for each delivery of a question (NotificationsSession.forbidden)."""

    def answers(questions: Sequence[Question]) -> list[Reasons]:
        by_company: dict[str, list[int]] = {}
        for number, question in enumerate(questions):
            by_company.setdefault(question.company, []).append(number)
        found: list[Reasons] = [[] for _ in questions]
        with pymongo.timeout(ROUND_SECONDS):
            for company, numbers in by_company.items():
                answered = _of_one_company(runtime, company, [questions[number] for number in numbers])
                for number, reasons in zip(numbers, answered, strict=True):
                    found[number] = reasons
        return found

    return Rounds(answers, ASK_SECONDS)


def _of_one_company(runtime: Runtime, company: str, questions: Sequence[Question]) -> list[Reasons]:
    session = cast(NotificationsSession, runtime.session_for(company, SENDER, "asking", None))
    for person_id in {one for question in questions for one in question.leading}:
        session.redirects.mark_target(person_id)
    deliveries = [delivery for question in questions for delivery in question.deliveries]
    reasons = iter(session.forbidden(deliveries, [told for question in questions for told in question.told]))
    return [[next(reasons) for _ in question.deliveries] for question in questions]
