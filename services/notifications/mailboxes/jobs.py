"""The job that reads the new mails of each mailbox again and again (row N10).

A mail may be read twice, after a crash; it is recognised by its Message-ID and stored once.
"""

from __future__ import annotations

import logging
from typing import cast

from environs import Env
from eventlet.semaphore import Semaphore
from marshmallow import validate

from services.chassis.clock import now
from services.chassis.errors import Conflict
from services.chassis.handling.session import Actor
from services.chassis.jobs.leased import Job
from services.chassis.jobs.work import Work
from services.chassis.process.runtime import Runtime
from services.chassis.storage.rows import Document
from services.notifications.mailboxes.checking import reply_key, secrets_of, server_of
from services.notifications.mailboxes.diagnosing import trouble_of
from services.notifications.mailboxes.incoming import take_mail
from services.notifications.mailboxes.model import Mailbox
from services.notifications.mailboxes.parsing import own_process
from services.notifications.mailboxes.reading import TROUBLE, Fetched, NotFetched, look
from services.notifications.mailboxes.repository import MAILBOXES, mailbox_of
from services.notifications.mailboxes.troubles import ACCOUNT_REFUSED, MAIL_NOT_GIVEN
from services.notifications.members.model import RECIPIENT_INACTIVE, absence
from services.notifications.session import NotificationsSession

READER = Actor("receiver", "Recebimento")
LOOK_SECONDS, TAKING_SECONDS = 60.0, 10.0
# Seconds between two looks into a mailbox.
POLL_SECONDS = 30.0
# Seconds for one look and the storing of its mails.
DEADLINE = 180.0
ONE_AT_A_TIME = Semaphore()

log = logging.getLogger(__name__)


def make_reader(runtime: Runtime) -> Job:
    """The job that reads one mailbox and schedules its next look. A mailbox that fails waits longer each time, and
    shows why.
    """

    poll = Env().float("VINCULO_MAILBOX_SECONDS", POLL_SECONDS, validate=validate.Range(min=0.2, max=3600))

    def read(document: Document) -> None:
        company, mailbox = document["company"], mailbox_of(document)
        work = Work(runtime.database, MAILBOXES, document, ("version",))
        if _is_of_somebody_inactive(runtime, company, mailbox):
            _put_off(work, mailbox, RECIPIENT_INACTIVE, poll)
            return
        try:
            server = server_of(mailbox, secrets_of(company, mailbox)["password"])
            seen = look(server, mailbox.folder, mailbox.uid_validity, mailbox.last_uid, LOOK_SECONDS, mailbox.stuck)
            for one in seen.mails:
                _take(runtime, company, mailbox, seen.uid_validity, one)
        except Conflict as error:  # its password can't be opened
            _put_off(work, mailbox, error.code, poll)
        except NotFetched:
            _put_off(work, mailbox, MAIL_NOT_GIVEN, poll, stuck=mailbox.stuck + 1)
        except TROUBLE as error:
            _put_off(work, mailbox, trouble_of(error), poll)
        else:
            well = {"read_at": now(), "failures": 0, "stuck": 0, "refused": None, "refused_at": None}
            mailbox.failures = 0
            until = now() if seen.more else now() + mailbox.wait(poll)
            work.put_off(until, uid_validity=seen.uid_validity, last_uid=seen.last_uid, **well)

    return Job(read, DEADLINE, row_is_work=False)


def _is_of_somebody_inactive(runtime: Runtime, company: str, mailbox: Mailbox) -> bool:
    """Nobody reads the mailbox of a user who left, for as long as they are away."""
    if mailbox.user_id is None:
        return False
    session = cast(NotificationsSession, runtime.session_for(company, READER, mailbox.id, None))
    return absence(session.members.known([mailbox.user_id]).get(mailbox.user_id)) == RECIPIENT_INACTIVE


def _put_off(work: Work, mailbox: Mailbox, code: str, poll: float, **more: int) -> None:
    log.warning("mailbox not read", extra={"error": code})
    mailbox.failures = min(mailbox.failures + 1, 10)
    at = now()
    refused = {"refused": code, "refused_at": at} if code == ACCOUNT_REFUSED else {}
    told = {"trouble": code, "trouble_at": at, **refused}
    work.put_off(at + mailbox.wait(poll), failures=mailbox.failures, **told, **more)


def _take(runtime: Runtime, company: str, mailbox: Mailbox, uid_validity: int, fetched: Fetched) -> None:
    """One mail after another: one of 25 MB takes 230 MB while it is read."""
    if fetched.raw == b"":  # it was moved or deleted meanwhile
        return
    if fetched.raw is None:
        log.error("mail passed over", extra={"error": "not_fetched"})
        mail = own_process.unfetched(f"{mailbox.id}:{uid_validity}:{fetched.uid}", now())
    else:
        with ONE_AT_A_TIME:
            mail = own_process.read(fetched.raw, now())
    left_out = [] if fetched.whole else [f"mensagem de {max(fetched.size >> 20, 1)} MB"]

    def work(tx: NotificationsSession) -> None:
        take_mail(tx, mailbox, reply_key(company, mailbox), mail, left_out)

    runtime.transact(company, READER, f"{mailbox.id}:{fetched.uid}", TAKING_SECONDS, work)
