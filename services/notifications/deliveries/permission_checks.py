"""Checks whether deliveries may be sent. Checks that are asked for within ASK_SECONDS share their reads of the
database, whoever asks: the handlers of entries, and the sender.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pymongo

from services.chassis.handling.session import Actor
from services.chassis.jobs.rounds import Rounds
from services.chassis.process.runtime import Runtime
from services.notifications.session import NotificationsSession, PermissionCheck

SENDER = Actor("sender", "Envio")
ASK_SECONDS = 0.002
# The time limit of a round's reads. A caller waits for two rounds at most, the one that is running included.
ROUND_SECONDS = 3.5

Reasons = list[str | None]
PermissionChecks = Rounds[PermissionCheck, Reasons]


def make_permission_checks(runtime: Runtime) -> PermissionChecks:
    """Rounds that answer each check with a refusal code or None a delivery (NotificationsSession.find_refusals)."""

    def answer(checks: Sequence[PermissionCheck]) -> list[Reasons]:
        by_company: dict[str, list[int]] = {}
        for number, check in enumerate(checks):
            by_company.setdefault(check.company, []).append(number)
        found: list[Reasons] = [[] for _ in checks]
        with pymongo.timeout(ROUND_SECONDS):
            for company, numbers in by_company.items():
                answered = _check_company(runtime, company, [checks[number] for number in numbers])
                for number, reasons in zip(numbers, answered, strict=True):
                    found[number] = reasons
        return found

    return Rounds(answer, ASK_SECONDS)


def _check_company(runtime: Runtime, company: str, checks: Sequence[PermissionCheck]) -> list[Reasons]:
    session = cast(NotificationsSession, runtime.session_for(company, SENDER, "asking", None))
    for person_id in {one for check in checks for one in check.unmerged}:
        session.redirects.mark_target(person_id)
    deliveries = [delivery for check in checks for delivery in check.deliveries]
    reasons = iter(session.find_refusals(deliveries, [told for check in checks for told in check.told]))
    return [[next(reasons) for _ in check.deliveries] for check in checks]
