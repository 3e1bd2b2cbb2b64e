"""The job that sends a mailing (row N6, ADR 0049): a batch of recipients after another, beside the sender of single
mails and with less of each account, so that it delays none of them.

A batch's deliveries are stored, owned by their lease, before any is sent, under ids that follow from mailing and
address; each is recorded as soon as the server has answered, and what fails is tried again by the sender of all mails.
So a crash loses nobody and makes no second mail; one between answer and record comes again under its Message-ID.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, cast

import eventlet

from services.chassis.clock import now
from services.chassis.handling.session import Actor
from services.chassis.jobs.leased import Job
from services.chassis.jobs.rounds import Rounds
from services.chassis.jobs.work import Work
from services.chassis.process.runtime import Runtime
from services.chassis.storage.rows import Document
from services.notifications.accounts.presenting import mails_a_day
from services.notifications.deliveries.jobs import (
    SENDING_SLACK_SECONDS,
    attempt,
    installation_mailer,
    make_recorder,
)
from services.notifications.deliveries.model import DEAD, MAILING_PAUSED, PERSON_ERASED, QUEUED, SUPPRESSED, Delivery
from services.notifications.deliveries.posting import PostOffice, transport_maker
from services.notifications.deliveries.repository import Attempt, delivery_of, document_of
from services.notifications.mailings.model import CANCELLED, PAUSED, SENDING, WAITING, Mailing, Recipient, outcome_of
from services.notifications.mailings.repository import MAILINGS, mailing_of
from services.notifications.mailings.writing import delivery_for
from services.notifications.session import NotificationsSession

MAILER = Actor("mailer", "Mala direta")
# Recipients read at once, and mails made at once: after a crash those wait for their lease.
READ, BATCH = 400, 40
# Mails at once: over the installation's own server, and over an account, whose providers bear fewer; of whose rate a
# part is left to single mails.
SENDERS, ACCOUNT_SENDERS, LEFT = 8, 4, 0.2
# A turn begins no batch afterwards; a batch begins no mail.
TURN_SECONDS, BATCH_SECONDS = 10.0, 10.0
STEP_SECONDS = 10.0
# Between looks at mails that the sender tries again.
SOONEST, LATEST = dt.timedelta(seconds=2), dt.timedelta(minutes=5)

# By delivery: the outcome, and why.
Outcomes = dict[str, tuple[str, str | None]]


def make_mailer(runtime: Runtime) -> Job:
    """The job of one mailing that is being sent, or was cancelled."""
    transport, seconds = installation_mailer()
    office = PostOffice(runtime, transport, transport_maker(seconds), ACCOUNT_SENDERS, LEFT, mails_a_day())
    recorded = make_recorder(runtime)
    longest = BATCH_SECONDS + transport.longest + SENDING_SLACK_SECONDS

    def do(row: Document) -> None:
        due = Turn(runtime, office, recorded, row["company"], mailing_of(row), longest).take()
        work, jobs = Work(runtime.database, MAILINGS, row, ("next_at",)), runtime.jobs[MAILINGS]
        if due is None:
            work.done()
        elif due > now() or jobs.stopping:
            work.put_off(due)
        else:
            until = now() + dt.timedelta(seconds=jobs.lease)
            if work.put_off(until):
                jobs.accept({**row, "next_at": until})

    return Job(do, TURN_SECONDS + longest + STEP_SECONDS)


class Turn:
    """Some seconds of one mailing. `longest`: how long a batch may take, in seconds."""

    def __init__(
        self,
        runtime: Runtime,
        office: PostOffice,
        recorded: Rounds[Attempt, None],
        company: str,
        mailing: Mailing,
        longest: float,
    ) -> None:
        self._runtime, self._office, self._recorded = runtime, office, recorded
        self._company, self._mailing = company, mailing
        self._lease = dt.timedelta(seconds=longest + STEP_SECONDS)
        self._session = cast(NotificationsSession, runtime.session_for(company, MAILER, mailing.id, None))

    def take(self) -> dt.datetime | None:
        """When to go on; None where there is nothing to do any more, or before it is resumed."""
        ends = time.monotonic() + TURN_SECONDS
        waiting: list[Recipient] = []
        while time.monotonic() < ends and not self._runtime.jobs[MAILINGS].stopping:
            self._mailing = self._session.mailings.get(self._mailing.id)
            if self._mailing.state == PAUSED:
                return None
            if self._mailing.state == CANCELLED:
                return self._settle_waiting()
            waiting = waiting or self._session.mailing_recipients.with_outcome(self._mailing.id, WAITING, READ)
            if not waiting:
                return self._settle_queued()
            batch, waiting = waiting[:BATCH], waiting[BATCH:]
            held = self._send(batch)
            if held is not None:
                return held
            eventlet.sleep(0)
        return now()

    def _send(self, batch: Sequence[Recipient]) -> dt.datetime | None:
        """Until when the account takes no more mails, or it is paused; None where the whole batch was attempted."""
        today = self._session.zone.today(self._mailing.started_at or now()).strftime("%d/%m/%Y")
        made = [delivery_for(self._mailing, self._company, one, today, now()) for one in batch if one.email]
        leased = now() + self._lease
        documents = {one.id: {**document_of(one), "company": self._company, "next_at": leased} for one in made}
        rows = self._session.tenant.collection("deliveries")
        owned = [delivery_of(one) for one in rows.insert_new(list(documents.values()))]
        held = self._attempt(owned, documents)
        done = {one.id: one for one in owned if one.id not in held}
        for key in held:
            rows.delete({"_id": key, "attempts": 0, "next_at": leased})
        outcomes: Outcomes = {one.delivery_id or "": (SUPPRESSED, PERSON_ERASED) for one in batch if not one.email}
        # what was there already is a crashed turn's: the sender of all mails has it
        outcomes |= {one.id: _of(done.get(one.id)) for one in made if one.id not in held}
        self._write(batch, WAITING, outcomes)
        return max(held.values()) if held else None

    def _attempt(self, mails: Sequence[Delivery], documents: Mapping[str, Document]) -> dict[str, dt.datetime]:
        """Sends those that may be sent, and records each; by id those that must wait, and until when."""
        ends, held = time.monotonic() + BATCH_SECONDS, dict[str, dt.datetime]()

        def send(one: Delivery) -> None:
            (reason,) = self._session.refusals([one]) if not held else (MAILING_PAUSED,)
            if reason == MAILING_PAUSED or time.monotonic() > ends:
                held[one.id] = max(held.values(), default=now())
                return
            if reason is not None:
                one.suppress(reason)
            else:
                attempt(self._runtime, self._office, self._session, one)
            if one.status == QUEUED and one.next_at is not None:
                held[one.id] = one.next_at
            else:
                self._recorded.ask((documents[one.id], one))

        own = self._session.accounts.sending(None) is None
        pool = eventlet.GreenPool(SENDERS if own else ACCOUNT_SENDERS)
        for one in mails:
            pool.spawn_n(send, one)
        pool.waitall()
        return held

    def _write(self, batch: Sequence[Recipient], was: str, outcomes: Outcomes) -> None:
        """The outcomes, by delivery, and the counts, as one transaction."""
        by_outcome: dict[tuple[str, str | None], list[str]] = {}
        for one in batch:
            outcome = outcomes.get(one.delivery_id or "")
            if outcome is not None and outcome[0] != was:
                by_outcome.setdefault(outcome, []).append(one.id)
        if not by_outcome:
            return

        def write(tx: NotificationsSession) -> None:
            counts: Counter[str] = Counter()
            for (outcome, reason), ids in by_outcome.items():
                ended = None if outcome == QUEUED else tx.now
                count = tx.mailing_recipients.settle(ids, was, outcome=outcome, reason=reason, ended_at=ended)
                counts[outcome] += count
                counts[was] -= count
            _count(tx, self._mailing.id, counts)

        self._transact(write)

    def _settle_queued(self) -> dt.datetime | None:
        """What became of the mails that the sender tries again; done when none is left."""
        queued = self._session.mailing_recipients.with_outcome(self._mailing.id, QUEUED, READ)
        found = self._session.deliveries.many([one.delivery_id or "" for one in queued])
        gone = dict.fromkeys((one.delivery_id or "" for one in queued), (DEAD, "delivery_missing"))
        self._write(queued, QUEUED, {**gone, **{key: _of(one) for key, one in found.items()}})
        left = [one for one in found.values() if _of(one)[0] == QUEUED]
        if left:
            due = min(one.next_at or now() for one in left) + SOONEST
            return min(max(due, now() + SOONEST), now() + LATEST)
        if len(queued) == READ:
            return now()
        self._transact(lambda tx: _finish(tx, self._mailing.id))
        return None

    def _settle_waiting(self) -> dt.datetime | None:
        """Who has no mail yet gets none; mails in line are suppressed by their sender, which is waited for."""

        def write(tx: NotificationsSession) -> None:
            recipients = tx.mailing_recipients
            count = recipients.settle_all(self._mailing.id, WAITING, outcome=CANCELLED, ended_at=tx.now)
            _count(tx, self._mailing.id, Counter({WAITING: -count, CANCELLED: count}))

        if self._mailing.counts.get(WAITING):
            self._transact(write)
        return self._settle_queued() if self._mailing.counts.get(QUEUED) else None

    def _transact(self, work: Any) -> None:
        self._runtime.transact(self._company, MAILER, self._mailing.id, STEP_SECONDS, work)


def _of(delivery: Delivery | None) -> tuple[str, str | None]:
    return (QUEUED, None) if delivery is None else outcome_of(delivery)


def _count(tx: NotificationsSession, mailing_id: str, counts: Counter[str]) -> None:
    mailing = tx.mailings.get(mailing_id)
    mailing.count(counts)
    tx.mailings.save(mailing)


def _finish(tx: NotificationsSession, mailing_id: str) -> None:
    mailing = tx.mailings.get(mailing_id)
    if mailing.state == SENDING:
        mailing.finish(tx.now)
        tx.mailings.save(mailing)
