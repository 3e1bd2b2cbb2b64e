"""The leased job that declares voided numbers to the tax authority, outside transactions (row S22).

The authority accepts the same range again, so a run after a crash simply declares it again.
"""

from __future__ import annotations

from typing import Any

from services.chassis.jobs.leased import Job
from services.chassis.process.runtime import Runtime
from services.chassis.storage.rows import Document
from services.sales.nfe.authority.access import AuthorityAccess, settings_of_environment
from services.sales.nfe.authority_work import AuthorityWork
from services.sales.nfe.model.answers import VOIDED, VOIDED_ALREADY, Answer
from services.sales.nfe.model.nfe import said_of
from services.sales.nfe.model.requests import REQUESTED, refuse, register
from services.sales.session import SalesSession
from services.sales.voiding.model import Voiding
from services.sales.voiding.repository import WORKS


def make_voider(runtime: Runtime) -> Job:
    asker = AuthorityAccess(runtime, settings_of_environment())
    return Job(lambda work: Declaration(runtime, asker, work).run(), asker.longest, row_is_work=True)


class Declaration:
    """One run of the job, for one range of numbers."""

    def __init__(self, runtime: Any, asker: AuthorityAccess, work: Document) -> None:
        self._asker = asker
        self._work = work
        self._authority_work = AuthorityWork(runtime, WORKS, work)

    def run(self) -> None:
        voiding = self._authority_work.session().voidings.get(self._work["_id"])
        if voiding.state != REQUESTED:  # a run before recorded the answer and then crashed
            self._authority_work.row.drop()
            return
        self._authority_work.settle(voiding.trouble, lambda: self._declare(voiding), self._conclude, self._note_trouble)

    def _declare(self, voiding: Voiding) -> Answer:
        authority, certificate = self._asker.of_state(
            self._authority_work.session(), voiding.federal_state, voiding.environment
        )
        message = authority.voiding(
            voiding.year, voiding.cnpj, voiding.series, voiding.first, voiding.last, voiding.reason
        )
        return authority.void(self._asker.signed(message, certificate))

    def _conclude(self, tx: SalesSession, answer: Answer) -> None:
        voiding, said = tx.voidings.get(self._work["_id"]), said_of(answer, tx.now)
        if answer.code in (VOIDED, *VOIDED_ALREADY):
            register(voiding, said)
            numbers = voiding.environment, voiding.series, voiding.first, voiding.last
            for nfe in tx.nfes.numbered(*numbers):
                nfe.number_voided = True
                tx.nfes.save(nfe)
        else:
            refuse(voiding, said)
        tx.voidings.save(voiding)

    def _note_trouble(self, tx: SalesSession, trouble: str) -> None:
        voiding = tx.voidings.get(self._work["_id"])
        voiding.trouble = trouble
        tx.voidings.save(voiding)
