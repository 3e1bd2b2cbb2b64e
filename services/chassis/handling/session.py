"""The session that a use case gets: the company's collections, the time, new ids, `publish` and `enqueue`.

A service subclasses `Session` and declares its repositories there, each as a `repository`: it has dozens of them, and a
use case needs a few. A command's session is one transaction; a query's session only reads.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from services.chassis import ids
from services.chassis.access.context import Context
from services.chassis.access.visibility import CATEGORY, Sight
from services.chassis.dumping import dump_of
from services.chassis.lazy import lazy
from services.chassis.messaging.outbox import COLLECTION, envelope_bytes
from services.chassis.observability import tracing
from services.chassis.replicas.persons import COLLECTION as PERSONS
from services.chassis.replicas.redirects import COLLECTION as REDIRECTS
from services.chassis.replicas.redirects import FollowingTenant, Redirects
from services.chassis.schemas import Event, instance
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import Tenant, TenantCollection

# The collection of the counters by which `one_at_a_time` makes transactions conflict.
NUMBERS = "numbers"

R = TypeVar("R")

# Gives the names of records by their ids.
Namer = Callable[[Collection[str]], Mapping[str, str | None]]


@dataclass(frozen=True)
class Actor:
    """The user who acts, and what they may do (access/context.py); of an event's actor only id and name are known.

    `person` is the user's own person (employee or representative) in this company, if linked; `session` is the sign-in.
    `by_link`: not a user, but somebody who opened a link with its secret.
    """

    id: str
    name: str
    permissions: tuple[str, ...] = ()
    scopes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    person: str | None = None
    session: str | None = None
    by_link: bool = False

    def holds(self, permission: str) -> bool:
        return permission in self.permissions

    @property
    def sight(self) -> Sight:
        """What the user sees (access/visibility.py)."""
        return Sight(self.id, self.scopes, self.by_link)

    def sees(self, kind: str, name: str) -> bool:
        """Whether the user's scopes leave `name` of this kind visible."""
        return self.sight.allows(kind, name)


def actor_of(context: Context) -> Actor:
    fields = {name: getattr(context, name) for name in ("permissions", "scopes", "person", "session", "by_link")}
    return Actor(context.user, context.user_name, **fields)


def supervisor_of(context: Context) -> Actor | None:
    """Who approved the command; None where it came without a grant."""
    supervisor = context.supervisor
    return None if supervisor is None else Actor(supervisor["id"], supervisor["name"])


class Session:
    """One unit of work of one company.

    `cause`: the id of the request that led to it, for logs and events. `lease`: for how long, in seconds, this process
    owns the work that it enqueues. `settle`: seconds after which every transaction begun before now has ended.
    """

    # A service with lists of a person's records declares its repository or replicas of persons.
    persons: Any = None

    def __init__(
        self, tenant: Tenant, actor: Actor, now: dt.datetime, cause: str, lease: float, settle: float = 0
    ) -> None:
        self.tenant = tenant
        self.company = tenant.company
        self.actor = actor
        # Who approved this command with their own credentials, if it came with a grant.
        self.supervisor: Actor | None = None
        self.now = now
        # By collection, the work to be done after the commit.
        self.pending: dict[str, list[Document]] = {}
        # Called after the commit, by the process that committed.
        self.after_commit: list[Callable[[], None]] = []
        self.cause = cause
        self._settle = dt.timedelta(seconds=settle)
        self._lease = lease
        # By collection, the leases in seconds that differ from `lease` (jobs/leased.py, owned_from_the_start).
        self.leases: Mapping[str, float] = {}
        # What all sessions of the process share (process/service.py).
        self.shared: Any = None
        if isinstance(tenant, FollowingTenant):
            self.redirects = tenant.redirects
        else:
            self.redirects = Redirects(tenant.collection(REDIRECTS), tenant, ())
        self._announced: set[tuple[str, int]] = set()

    @lazy
    def namers(self) -> Mapping[str, Namer]:
        """By kind of record, the function that gives the names (references.py)."""
        return {}

    def collection(self, name: str) -> TenantCollection:
        return self.tenant.collection(name)

    def confirm_actor(self, permission: str) -> None:
        """Reads the actor's access again, for `fresh` commands and queries: the token may be older than a change of it.

        Raises Forbidden without the permission. Only a service that stores users can implement it.
        """
        raise NotImplementedError

    def require_person(self, person_id: str) -> None:
        """Raises NotFound("person_not_found") unless the user sees such a person, erased or not.

        A person who was there stays there, erased or merged too: so what is remembered is enough, where the user's role
        hides nobody.
        """
        known = () if self.actor.sight.narrowed(CATEGORY) else self.tenant.cached(PERSONS).names([person_id])
        if person_id not in known:
            self.persons.require(person_id)

    def names_of(self, kind: str, record_ids: Collection[str]) -> Mapping[str, str | None]:
        """The names of records of one kind by id, as far as a service knows them; the actor's own name is always there.

        A service gives the function for each kind (`namers`).
        """
        namer = self.namers.get(kind)
        names = namer(record_ids) if namer is not None else {}
        return {self.actor.id: self.actor.name, **{record_id: name for record_id, name in names.items() if name}}

    def namer(self, collection: str, prefix: str = "", built_in: Mapping[str, str] | None = None) -> Namer:
        """A function for `namers`: it reads names from a collection; they are a few seconds old at most (`cached`).

        `prefix` comes before the record's id in `_id`; `built_in`: names of records that every company has.
        """
        rows, fixed = self.tenant.cached(collection), built_in or {}

        def names(record_ids: Collection[str]) -> dict[str, str | None]:
            known = {record_id: fixed[record_id] for record_id in record_ids if record_id in fixed}
            read = rows.names([f"{prefix}{record_id}" for record_id in record_ids if record_id not in known])
            return {**known, **{row_id.removeprefix(prefix): name for row_id, name in read.items()}}

        return names

    def forget_name(self, collection: str, record_id: str) -> None:
        """The record is changed here: after the commit, this process reads its name again."""
        rows = self.tenant.cached(collection)
        self.after_commit.append(lambda: rows.forget(record_id))

    def expect_version_of(self, record_id: str) -> None:
        """The version in If-Match is of this record, which the path does not name. To be called before it is read."""
        if self.tenant.expected is not None:
            self.tenant.expected.record = record_id

    def compare_missing(self) -> None:
        """The record of If-Match is not there, so it was seen in version 0. Raises Conflict("version_changed")."""
        if self.tenant.expected is not None:
            self.tenant.expected.compare({"_id": self.tenant.expected.record, "version": 0})

    def require_version_compared(self, answer: Any) -> None:
        """Raises Invalid("if_match_unexpected") where the caller sent If-Match and no record was compared with it."""
        if self.tenant.expected is not None:
            self.tenant.expected.require_compared(answer)

    def redirect(self, record_id: str, to: str | None, sequence: int) -> None:
        """Redirects another service's record to `to`, or (None) ends its redirection; its rows here follow."""
        self.redirects.point(record_id, to, sequence, self.now + self._settle)
        # Inside a transaction `point` forgets too early: until the commit, others read the redirections as before.
        self.after_commit.append(self.redirects.forget)

    def one_at_a_time(self, name: str) -> None:
        """Makes transactions of the company that call this with the same name conflict: one is run again after the
        other. For a rule over several records (a limit, a unique name), since no transaction sees what another adds."""
        self.tenant.collection(NUMBERS).next_numbers(name)

    def new_id(self) -> str:
        return ids.new_id()

    def publish(self, event: Event, aggregate_id: str, sequence: int, **data: Any) -> None:
        """Announces `event` when, and only when, this transaction commits.

        `sequence` is the aggregate's version. Each version announces one event, so subscribers can see gaps.
        Raises ValueError for a second event of a version, and for data that the event's schema does not accept.
        """
        if (aggregate_id, sequence) in self._announced:
            raise ValueError(f"{event.name}: a second event of {aggregate_id} in version {sequence}")
        self._announced.add((aggregate_id, sequence))
        envelope = {
            "id": self.new_id(),
            "source": event.source,
            "name": event.name,
            "version": event.version,
            "company": self.company,
            "aggregate": aggregate_id,
            "sequence": sequence,
            "actor": {"id": self.actor.id, "name": self.actor.name},
            "cause": self.cause,
            "at": self.now.isoformat(),
            "data": _validated(event, data),
        }
        if tracing.is_on():
            envelope["trace"] = tracing.current_traceparent()
        self.enqueue(
            COLLECTION,
            {
                "_id": envelope["id"],
                "source": event.source,
                "name": event.name,
                "minor": event.minor,
                "envelope": envelope_bytes(envelope).decode(),
            },
        )

    def enqueue(self, collection: str, document: Document) -> None:
        """Adds work to be done after the commit; until its lease ends, this process owns it (jobs/leased.py).

        A subscriber with `once=False` must derive the `_id` from the event: a repetition then adds nothing.
        """
        lease = dt.timedelta(milliseconds=round(1000 * self.leases.get(collection, self._lease)))
        owned = {**document, "company": self.company, "next_at": self.now + lease}
        if tracing.is_on():
            owned[tracing.FIELD] = tracing.current_traceparent()
        self.pending.setdefault(collection, []).append(owned)

    def flush(self) -> None:
        """Writes the pending work; the chassis calls it last in the transaction."""
        for collection, documents in self.pending.items():
            self.tenant.collection(collection).insert_many(documents, later=True)

    def flush_new(self) -> None:
        """`flush` outside a transaction, for work that may be repeated: documents that are stored already are neither
        written nor left pending."""
        for collection, documents in self.pending.items():
            self.pending[collection] = self.tenant.collection(collection).insert_new(documents)


def repository(make: Callable[[Session], R]) -> lazy[R]:
    """A repository of a session, made by `make` when a use case first needs it."""
    return lazy(make)


def _validated(event: Event, data: Mapping[str, Any]) -> dict[str, Any]:
    """The data as the event's schema dumps it. Raises ValueError for a missing or invalid field."""
    schema = instance(event.schema)
    dumped: dict[str, Any] = dump_of(event.schema)(data)
    wrong = schema.validate(dumped).keys() | schema.fields.keys() - dumped.keys()
    if wrong:
        raise ValueError(f"{event.name}: not as promised in {', '.join(sorted(wrong))}")
    return dumped
