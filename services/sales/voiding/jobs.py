"""Declares voided numbers to the tax authority: leased work, outside transactions (row S22).

To declare the same range again is answered as done: so after a crash it is declared again.
"""

from __future__ import annotations

from typing import Any

from services.chassis.jobs.leased import Job
from services.chassis.process.runtime import Runtime
from services.chassis.storage.rows import Document
from services.sales.nfe.authority.access import Asker, settings_of_environment
from services.sales.nfe.errands import Errand
from services.sales.nfe.model.answers import VOIDED, VOIDED_ALREADY, Answer
from services.sales.nfe.model.asking import REQUESTED, refuse, register
from services.sales.nfe.model.nfe import said_of
from services.sales.session import SalesSession
from services.sales.voiding.model import Voiding
from services.sales.voiding.repository import WORKS


def make_voider(runtime: Runtime) -> Job:
    asker = Asker(runtime, settings_of_environment())
    return Job(lambda work: Declaration(runtime, asker, work).run(), asker.longest, row_is_work=True)


class Declaration:
    """One range of numbers to be declared."""

    def __init__(self, runtime: Any, asker: Asker, work: Document) -> None:
        self._asker = asker
        self._work = work
        self._errand = Errand(runtime, WORKS, work)

    def run(self) -> None:
        voiding = self._errand.session().voidings.get(self._work["_id"])
        if voiding.state != REQUESTED:  # recorded, and then we died
            self._errand.row.drop()
            return
        self._errand.settle(voiding.trouble, lambda: self._declare(voiding), self._conclude, self._note_trouble)

    def _declare(self, voiding: Voiding) -> Answer:
        authority, certificate = self._asker.of_state(
            self._errand.session(), voiding.federal_state, voiding.environment
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
