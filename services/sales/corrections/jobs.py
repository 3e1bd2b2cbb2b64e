"""The leased job that sends correction letters to the tax authority, outside transactions (row S22).

After a crash or a timeout it first asks the authority which letters it has.
"""

from __future__ import annotations

from typing import Any

from services.chassis.jobs.leased import Job
from services.chassis.process.runtime import Runtime
from services.chassis.storage.rows import Document
from services.sales.corrections.model import Correction
from services.sales.corrections.repository import WORKS
from services.sales.nfe.authority import schemas
from services.sales.nfe.authority.access import AuthorityAccess, settings_of_environment
from services.sales.nfe.authority.soap import Unreachable
from services.sales.nfe.authority_work import AuthorityWork, now
from services.sales.nfe.model.answers import EVENT_AGAIN, EVENT_DONE, Answer
from services.sales.nfe.model.nfe import said_of
from services.sales.nfe.model.requests import REQUESTED, refuse, register
from services.sales.session import SalesSession


def make_corrector(runtime: Runtime) -> Job:
    asker = AuthorityAccess(runtime, settings_of_environment())
    return Job(lambda work: Letter(runtime, asker, work).run(), asker.longest, row_is_work=True)


class Letter:
    """One run of the job, for one letter."""

    def __init__(self, runtime: Any, asker: AuthorityAccess, work: Document) -> None:
        self._asker = asker
        self._work = work
        self._authority_work = AuthorityWork(runtime, WORKS, work)

    def run(self) -> None:
        letter = self._authority_work.session().corrections.get(self._work["_id"])
        if letter.state != REQUESTED:  # a run before recorded the answer and then crashed
            self._authority_work.row.drop()
            return
        self._authority_work.settle(letter.trouble, lambda: self._register(letter), self._conclude, self._note_trouble)

    def _register(self, letter: Correction) -> Answer:
        """Sends the event, unless a run before sent it and the authority has it."""
        session = self._authority_work.session()
        nfe = session.nfes.get(letter.nfe_id)
        authority, certificate = self._asker.authority(session, nfe)
        if self._work["begun"] and (known := authority.find_letter(nfe.key, letter.number)) is not None:
            return known
        event = authority.correction(nfe.key, nfe.key[6:20], letter.number, letter.text, now())
        signed = self._asker.signed(event, certificate)
        if schemas.faults(signed, "CCe_v1.00"):
            raise Unreachable("A carta de correção assinada não segue o leiaute oficial; não foi enviada.")
        self._authority_work.record(lambda tx: tx.nfes.keep(nfe, f"letter-{letter.number}", signed, tx.now))
        self._authority_work.row.keep(begun=True)
        answer = authority.register(nfe.key, signed)
        if answer.code == EVENT_AGAIN:
            return authority.find_letter(nfe.key, letter.number) or answer
        return answer

    def _conclude(self, tx: SalesSession, answer: Answer) -> None:
        letter, said = tx.corrections.get(self._work["_id"]), said_of(answer, tx.now)
        if answer.code in EVENT_DONE:
            register(letter, said)
            tx.nfes.keep(tx.nfes.get(letter.nfe_id), f"letter-{letter.number}-answer", answer.xml, tx.now)
        else:
            refuse(letter, said)
        tx.corrections.save(letter)

    def _note_trouble(self, tx: SalesSession, trouble: str) -> None:
        letter = tx.corrections.get(self._work["_id"])
        letter.trouble = trouble
        tx.corrections.save(letter)
