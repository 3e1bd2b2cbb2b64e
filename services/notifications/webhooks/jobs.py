"""The job that delivers the feed's events to each webhook, one after another, in the feed's order (row N9).

A webhook is one piece of leased work, so its events keep their order, and one that is slow or down delays no other.
"""

from __future__ import annotations

import datetime as dt
import http.client
import logging
import time
from typing import cast

from services.chassis.access.sealing import Safe
from services.chassis.access.sections import KINDS
from services.chassis.clock import now
from services.chassis.errors import Conflict
from services.chassis.handling.session import Actor
from services.chassis.jobs.leased import Job
from services.chassis.process.runtime import Runtime
from services.chassis.storage.rows import Document
from services.notifications.accounts.checking import reach
from services.notifications.outbound.addresses import Unreachable
from services.notifications.outbound.https import Answer, post
from services.notifications.session import NotificationsSession
from services.notifications.webhooks.model import ACTIVE, MOST_WEBHOOKS, FeedEvent, Try, Webhook, body_of, signature_of
from services.notifications.webhooks.notices import pause_notice
from services.notifications.webhooks.repository import SETTLE, document_of, webhook_of

log = logging.getLogger(__name__)

CALLER = Actor("caller", "Webhooks")
CALL_SECONDS = 10.0
# A round ends after this, so that other webhooks have their turn.
ROUND_SECONDS = 5.0
EVENTS_A_READ = 100
# All webhooks of one company may be slow, and others are still called: a caller that waits costs little.
CALLERS = MOST_WEBHOOKS + 16
# Between looks at the feed: while there is something, and while there is not.
LOOK, IDLE = dt.timedelta(seconds=1), dt.timedelta(seconds=4)


def make_caller(runtime: Runtime) -> Job:
    """The job that brings one webhook up to date."""

    def call(row: Document) -> None:
        session = cast(NotificationsSession, runtime.session_for(row["company"], CALLER, row["_id"], None))
        webhook = webhook_of(row)
        if webhook.state != ACTIVE:
            return
        if not _maker_may_read(session, webhook):
            webhook.lose_rights()
            _queue_pause_notice(runtime, session.company, webhook)
            _save_progress(runtime, row, webhook, None)
            return
        ends = time.monotonic() + ROUND_SECONDS
        waiting = _waiting(session, webhook)
        due: dt.datetime | None = now() + (LOOK if waiting else IDLE)
        for event in waiting:
            if event.type not in webhook.types:
                webhook.pass_over(event)
                continue
            began = time.monotonic()
            answer = _post_event(session.company, webhook, event)
            ended = now()
            attempt = _attempt(answer, event, ended, began)
            if isinstance(answer, Answer) and 200 <= answer.status < 300:
                webhook.mark_delivered(event, attempt)
            else:
                due = webhook.mark_failed(attempt, ended, answer.wait(ended) if isinstance(answer, Answer) else None)
                if due is None:
                    log.error("webhook paused", extra={"webhook": webhook.id, "error": webhook.last_error})
                    _queue_pause_notice(runtime, session.company, webhook)
                break
            if time.monotonic() > ends:
                due = ended
                break
        _save_progress(runtime, row, webhook, due)

    return Job(call, ROUND_SECONDS + CALL_SECONDS + 5, CALLERS)


def _maker_may_read(session: NotificationsSession, webhook: Webhook) -> bool:
    """Whether the webhook's maker, a user or a key, may still read its events.

    True for one whose copy has not come yet.
    """
    maker = session.members.known([webhook.created_by]).get(webhook.created_by)
    if maker is None:
        return True
    needed = {"notifications.configure", *(f"{one.partition('.')[0]}.read" for one in webhook.types)}
    return maker.is_active(session.now) and maker.permissions >= needed and not maker.sight.narrowed(*KINDS)


def _queue_pause_notice(runtime: Runtime, company: str, webhook: Webhook) -> None:
    """Queues the mail about the pause before the pause is saved: after a crash in between the repeat is the same mail.
    Keys get no mail.
    """

    def queue(session: NotificationsSession) -> None:
        maker = session.members.contacts([webhook.created_by]).get(webhook.created_by)
        if maker is not None:
            session.queue(pause_notice(webhook, maker, session.now))

    runtime.write(company, CALLER, webhook.id, CALL_SECONDS, queue)


def _waiting(session: NotificationsSession, webhook: Webhook) -> list[FeedEvent]:
    until = now() - SETTLE
    return session.feed.after((webhook.after_at, webhook.after_id), until, EVENTS_A_READ)


def _post_event(company: str, webhook: Webhook, event: FeedEvent) -> Answer | Exception:
    try:
        secret = Safe.of_installation().unseal(company, webhook.sealed)["secret"]
    except Conflict as error:  # no key of the installation opens it
        return error
    body = body_of(event, company)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Vinculo-Webhook/1",
        "Vinculo-Event-Id": event.id,
        "Vinculo-Event-Type": event.type,
        "Vinculo-Signature": signature_of(secret, int(time.time()), body),
    }
    try:
        return post(webhook.url, body, headers, reach(), CALL_SECONDS)
    except (Unreachable, OSError, http.client.HTTPException) as error:
        return error


def _attempt(answer: Answer | Exception, event: FeedEvent, ended: dt.datetime, began: float) -> Try:
    took = round(1000 * (time.monotonic() - began))
    if isinstance(answer, Answer):
        return Try(ended, event.id, event.type, answer.status, None, took)
    error = answer.code if isinstance(answer, Unreachable | Conflict) else type(answer).__name__
    return Try(ended, event.id, event.type, None, error, took)


def _save_progress(runtime: Runtime, row: Document, webhook: Webhook, due: dt.datetime | None) -> None:
    """Saves the place in the feed. Where a user has changed the webhook meanwhile, their version stays, and the events
    delivered since are delivered again under the same ids.
    """
    rows = runtime.database.collection("webhooks")
    fields = document_of(webhook)
    fields.pop("_id")
    changes: Document = {"$set": fields}
    if due is None:
        changes["$unset"] = {"next_at": ""}
    else:
        changes["$set"]["next_at"] = due
    rows.update_one({"_id": row["_id"], "company": row["company"], "version": row["version"]}, changes)
