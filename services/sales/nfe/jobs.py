"""The leased job that sends built documents to the tax authority and records its answers, outside transactions.

A document is marked as sent before the authority is called. After a crash or a timeout the next run asks by its key
first, and sends the same bytes again only if the authority does not know them: a document is authorised once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.chassis.errors import Failure
from services.chassis.jobs.leased import Job
from services.chassis.process.runtime import Runtime
from services.chassis.storage.rows import Document
from services.sales import events
from services.sales.nfe.authority.access import AuthorityAccess, settings_of_environment
from services.sales.nfe.authority.client import Authority
from services.sales.nfe.authority.soap import Unreachable
from services.sales.nfe.authority_work import AuthorityWork, demanded_wait, now
from services.sales.nfe.model import answers
from services.sales.nfe.model.answers import (
    CANCELLED,
    DENIED,
    DUPLICATE,
    EVENT_AGAIN,
    EVENT_DONE,
    PROCESSING,
    RECEIVED,
    UNKNOWN,
    Answer,
)
from services.sales.nfe.model.nfe import AUTHORISED, BUILT, SENT, Nfe, said_of
from services.sales.nfe.pending_work import enqueue_mail
from services.sales.nfe.repository import WORKS
from services.sales.session import SalesSession


def make_transmitter(runtime: Runtime) -> Job:
    """The job that handles one pending NF-e."""
    asker = AuthorityAccess(runtime, settings_of_environment())
    return Job(lambda work: Transmission(runtime, asker, work).run(), asker.longest, row_is_work=True)


class Transmission:
    """One run of the job: an NF-e to be authorised, or to be cancelled."""

    def __init__(self, runtime: Any, asker: AuthorityAccess, work: Document) -> None:
        self._asker = asker
        self._work = work
        self._authority_work = AuthorityWork(runtime, WORKS, work)
        self._row = self._authority_work.row

    def run(self) -> None:
        nfe = self._session().nfes.get(self._work["_id"])
        wanted = (BUILT, SENT) if self._work["task"] == "authorise" else (AUTHORISED,)
        if nfe.status not in wanted:  # a run before recorded the answer and then crashed
            self._row.drop()
            return
        try:
            answer = self._authorise(nfe) if self._work["task"] == "authorise" else self._cancel(nfe)
        except Unreachable as trouble:
            self._postpone(str(trouble))
        except Failure as failure:  # of the certificate
            self._postpone(failure.detail)
        else:
            self._settle(answer)

    def _authorise(self, nfe: Nfe) -> Answer:
        authority, certificate = self._asker.authority(self._session(), nfe, authorises=True)
        document = self._session().nfes.kept(nfe.id, "nfe")
        if nfe.status == SENT:
            known = self._known(authority, nfe)
            if known is not None:
                return known
        else:
            document = self._asker.signed(document, certificate)
            self._record(lambda tx, found: _send(tx, found, document))
        answer = authority.authorise(nfe.key, document)
        if answer.code != DUPLICATE:
            return answer
        found = authority.consult(nfe.key)
        if not _settled(found):  # not a rejection: a document built again might differ from the authority's
            raise Unreachable(f"{answer.code}: {answer.text}")
        return found

    def _known(self, authority: Authority, nfe: Nfe) -> Answer | None:
        """The authority's answer to a document sent before.

        None if it does not know it, so that it must be sent again.
        """
        if nfe.receipt:
            answer = authority.collect(nfe.key, nfe.receipt)
            if answer.code not in UNKNOWN:
                return answer
        answer = authority.consult(nfe.key)
        return answer if _settled(answer) or answer.passing else None

    def _cancel(self, nfe: Nfe) -> Answer:
        """Sends the event, unless a run before sent it and the authority has cancelled the document."""
        authority, certificate = self._asker.authority(self._session(), nfe)
        if self._work["begun"]:
            known = authority.consult(nfe.key)
            if known.code in CANCELLED:
                return known
        self._row.keep(begun=True)
        protocol = nfe.authorisation.protocol if nfe.authorisation else ""
        reason = nfe.cancellation.reason if nfe.cancellation else ""
        event = authority.cancellation(nfe.key, nfe.key[6:20], protocol, reason, now())
        answer = authority.register(nfe.key, self._asker.signed(event, certificate))
        if answer.code == EVENT_AGAIN:
            known = authority.consult(nfe.key)
            return known if known.code in CANCELLED else answer
        return answer

    def _settle(self, answer: Answer) -> None:
        if answer.passing:
            self._postpone(f"{answer.code}: {answer.text}", demanded_wait(answer))
        elif answer.code == RECEIVED:
            self._record(lambda _, nfe: nfe.wait(answer.receipt))
            self._authority_work.retry()
        elif answer.code == PROCESSING:
            self._authority_work.retry()
        else:
            conclude = _authorisation if self._work["task"] == "authorise" else _cancellation
            self._record(lambda tx, nfe: conclude(tx, nfe, answer))
            self._row.drop()

    def _postpone(self, trouble: str, least: int = 0) -> None:
        """Notes the trouble on the NF-e, and puts the work off; it is tried until it is answered."""
        shown_trouble = self._session().nfes.get(self._work["_id"]).trouble

        def note(tx: SalesSession) -> None:
            self._change(tx, lambda _, nfe: nfe.note_trouble(trouble))

        self._authority_work.put_off(trouble, shown_trouble, note, least)

    def _record(self, change: Callable[[SalesSession, Nfe], None]) -> None:
        self._authority_work.record(lambda tx: self._change(tx, change))

    def _change(self, tx: SalesSession, change: Callable[[SalesSession, Nfe], None]) -> None:
        """Reads the NF-e again, changes and saves it, and publishes nfe_changed."""
        nfe = tx.nfes.get(self._work["_id"])
        change(tx, nfe)
        tx.nfes.save(nfe)
        tx.publish(events.NFE_CHANGED, nfe.id, nfe.version, **nfe.event_data())

    def _session(self) -> SalesSession:
        return self._authority_work.session()


def _settled(answer: Answer) -> bool:
    return answer.code in (*answers.AUTHORISED, *DENIED, *CANCELLED)


def _send(tx: SalesSession, nfe: Nfe, signed: str) -> None:
    nfe.send()
    tx.nfes.keep(nfe, "nfe", signed, tx.now)


def _authorisation(tx: SalesSession, nfe: Nfe, answer: Answer) -> None:
    said = said_of(answer, tx.now)
    if answer.code in answers.AUTHORISED:
        nfe.authorise(said)
        tx.nfes.keep(nfe, "protocol", answer.xml, tx.now)
        enqueue_mail(tx, nfe.id)
    elif answer.code in CANCELLED:  # cancelled at the authority, not by this system
        nfe.authorise(said)
        nfe.cancel(said)
        tx.nfes.keep(nfe, "cancellation", answer.xml, tx.now)
    else:
        nfe.reject(said)


def _cancellation(tx: SalesSession, nfe: Nfe, answer: Answer) -> None:
    said = said_of(answer, tx.now)
    if answer.code in (*EVENT_DONE, *CANCELLED):
        nfe.cancel(said)
        tx.nfes.keep(nfe, "cancellation", answer.xml, tx.now)
        enqueue_mail(tx, nfe.id)
    else:
        nfe.refuse_cancellation(said)
