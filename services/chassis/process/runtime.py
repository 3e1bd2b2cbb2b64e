"""The runtime of a service's process, shared by all its handlers: database, publisher, outbox, jobs, sessions."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

import eventlet
import pymongo
from nameko.extensions import DependencyProvider
from pymongo.errors import PyMongoError

from services.chassis import config as configuration
from services.chassis.access.context import Context
from services.chassis.access.row_visibility import VisibilityTenant
from services.chassis.clock import now
from services.chassis.handling.retrying import Retrier
from services.chassis.handling.session import Actor, Session, actor_of, supervisor_of
from services.chassis.jobs.leased import Job, LeasedWork, finish_all
from services.chassis.messaging import redelivery
from services.chassis.messaging.outbox import COLLECTION, Relay
from services.chassis.messaging.publisher import Publisher
from services.chassis.process.database_setup import prepare
from services.chassis.process.housekeeping import Housekeeper
from services.chassis.process.service import Service
from services.chassis.replicas import redirects
from services.chassis.replicas.redirect_cache import RedirectCache
from services.chassis.storage.database import Database
from services.chassis.storage.expected_version import ExpectedVersion
from services.chassis.storage.tenant import Tenant

log = logging.getLogger(__name__)
T = TypeVar("T")

INDEX_RETRY_SECONDS = 1.0
# The deadline of a second pass, which moves the rows of one redirected record.
PASS_SECONDS = 60.0


class Runtime(DependencyProvider):
    """Made once a process; the same object for every message."""

    config: configuration.Config
    shared: Any = None

    def setup(self) -> None:
        self.config = self.container.config["vinculo"]
        self.service_class: type[Service] = self.container.service_cls
        name = self.service_class.name
        self.database = Database(self.config.mongo_uri, self.config.database_prefix + name)
        self.publisher = Publisher(self.config.amqp_uri, self.config.confirm_timeout)
        self.relay = Relay(self.config, self.database, self.publisher)
        self.jobs: dict[str, LeasedWork] = {COLLECTION: self.relay.work}
        for collection, make in self.service_class.jobs.items():
            self.jobs[collection] = self._leased(collection, make(self))
        if self.service_class.inventory:
            move_rows = redirects.second_pass(self.database, self.service_class.inventory, self.config.settle)
            self.jobs[redirects.COLLECTION] = self._leased(redirects.COLLECTION, Job(move_rows, PASS_SECONDS, 1))
        self.pointers = RedirectCache(self.config.settle)
        self.shared = self.service_class.shared(self)
        self.retrier = Retrier(self.config.max_workers)
        self.indexes_ready = False

    def _leased(self, collection: str, job: Job) -> LeasedWork:
        return LeasedWork(self.database, collection, job, self.config.lease, self.config.work_delays)

    def start(self) -> None:
        for work in self.jobs.values():
            work.start()
        self.container.spawn_managed_thread(self._ensure_indexes)
        self.container.spawn_managed_thread(Housekeeper(self).run)
        self.container.spawn_managed_thread(Housekeeper(self).recompute)

    def stop_claiming(self) -> None:
        """Called before the last worker ends: claims no more pending work."""
        for work in self.jobs.values():
            work.stop_claiming()

    def stop(self) -> None:
        """Called after the last worker. The outbox stops last: work that is still running may announce events."""
        finish_all(self.jobs, COLLECTION, self.config.grace / 2)
        self.publisher.close()
        self.database.close()

    def get_dependency(self, worker_ctx: Any) -> Runtime:
        return self

    def _ensure_indexes(self) -> None:
        """Makes the indexes, trying until the database answers; until then the service is not ready."""
        while not self.indexes_ready:
            try:
                prepare(self.database, self.service_class, self.config.retention)
                self.indexes_ready = True
            except PyMongoError as error:
                log.warning("indexes not ready", extra={"error": type(error).__name__})
                eventlet.sleep(INDEX_RETRY_SECONDS)

    def session(self, context: Context, client_session: Any) -> Session:
        """A user's session, which shows the rows that their roles and the company's flows allow
        (access/row_visibility.py)."""
        plain, declared = self.database.tenant(context.company, client_session), self.service_class
        tenant = VisibilityTenant(plain, declared.inventory, declared.visibility_rules, context.sight, self.pointers)
        if context.seen is not None:
            tenant.expected = ExpectedVersion(str(context.seen["record"]), int(context.seen["version"]))
        session = self._session(tenant, actor_of(context), context.request_id)
        session.supervisor = supervisor_of(context)
        return session

    def session_for(self, company: str, actor: Actor, cause: str, client_session: Any) -> Session:
        """The system's own session, which shows all rows: for events and background work."""
        plain = self.database.tenant(company, client_session)
        tenant = redirects.FollowingTenant(plain, self.service_class.inventory, self.pointers)
        return self._session(tenant, actor, cause)

    def _session(self, tenant: Tenant, actor: Actor, cause: str) -> Session:
        moment = now()
        tenant.signature = {"by": {"id": actor.id, "name": actor.name}, "at": moment}
        made = self.service_class.session(tenant, actor, moment, cause, self.config.lease, self.config.settle)
        leases = {name: work.first_lease for name, work in self.jobs.items()}
        made.leases = {name: seconds for name, seconds in leases.items() if seconds is not None}
        made.shared = self.shared
        return made

    def transact(self, company: str, actor: Actor, cause: str, seconds: float, work: Callable[[Any], T]) -> T:
        """Runs `work(session)` as one transaction of background work, with its events and jobs after the commit."""
        done: list[Session] = []

        def once(client_session: Any) -> T:
            done.clear()
            session = self.session_for(company, actor, cause, client_session)
            result = work(session)
            session.flush()
            done.append(session)
            return result

        result = self.database.transact(once, seconds, company)
        for session in done:
            self.hand_over(session)
        return result

    def write(self, company: str, actor: Actor, cause: str, seconds: float, work: Callable[[Any], T]) -> T:
        """Runs `work(session)` without a transaction: for work that may be repeated as a whole."""
        with pymongo.timeout(seconds):
            session = self.session_for(company, actor, cause, None)
            result = work(session)
            session.flush_new()
        self.hand_over(session)
        return result

    def hand_over(self, session: Session) -> None:
        """Called after the commit: gives the session's pending work to this process's workers at once, and wakes the
        jobs of the other collections that it wrote to."""
        for call in session.after_commit:
            call()
        for collection, documents in session.pending.items():
            for document in documents:
                self.jobs[collection].accept(document)
        for collection in session.tenant.touched.intersection(self.jobs).difference(session.pending):
            self.jobs[collection].wake()

    def retry(self, message: Any, body: bytes, delay: int, attempt: int) -> None:
        """See messaging/redelivery.py."""
        redelivery.retry(self.publisher, self.service_class.name, message, body, delay, attempt)

    def park(self, message: Any, body: bytes, reason: str) -> None:
        """See messaging/redelivery.py."""
        redelivery.park(self.publisher, self.service_class.name, message, body, reason)
