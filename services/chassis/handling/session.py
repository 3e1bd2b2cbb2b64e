"""What a use case gets: the company's collections, the clock, ids, and `publish`.

A service subclasses `Session` and makes its repositories in `open`. A command's session is one transaction;
a query's reads only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.chassis import ids
from services.chassis.access.visibility import Sight
from services.chassis.dumping import dump_of
from services.chassis.messaging.outbox import COLLECTION, envelope_bytes
from services.chassis.observability import tracing
from services.chassis.replicas.redirects import COLLECTION as REDIRECTS
from services.chassis.replicas.redirects import FollowingTenant, Redirects
from services.chassis.schemas import Event, instance
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import Tenant

# Series of numbers, of which each transaction that takes one conflicts with the next.
NUMBERS = "numbers"

Namer = Callable[[Collection[str]], Mapping[str, str | None]]


@dataclass(frozen=True)
class Actor:
    """Who acts, and what they may do (access/context.py); of an event's actor only id and name are known.

    `person` is the user's own person (employee or representative) in this company, if linked; `session` the sign-in.
    `by_link`: no user, but somebody who proved the secret of a link.
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


class Session:
    """One unit of work of one company."""

    def __init__(
        self, tenant: Tenant, actor: Actor, now: dt.datetime, cause: str, lease: float, settle: float = 0
    ) -> None:
        self.tenant = tenant
        self.company = tenant.company
        self.actor = actor
        # who approved this command with their own credentials, if it came with a grant
        self.supervisor: Actor | None = None
        self.now = now
        self.pending: dict[str, list[Document]] = {}
        # called after the commit, by the process that committed
        self.after_commit: list[Callable[[], None]] = []
        self.cause = cause
        self._settle = dt.timedelta(seconds=settle)
        self._lease = lease
        # of the kinds of work whose writer owns them for longer, in seconds (jobs/leased.py, owned_from_the_start)
        self.leases: Mapping[str, float] = {}
        # what all sessions of the process have in common (process/service.py)
        self.shared: Any = None
        if isinstance(tenant, FollowingTenant):
            self.redirects = tenant.redirects
        else:
            self.redirects = Redirects(tenant.collection(REDIRECTS), tenant, ())
        self._announced: set[tuple[str, int]] = set()
        # by kind of record, who knows the names (references.py)
        self.namers: dict[str, Namer] = {}
        self.open()

    def open(self) -> None:
        """A service makes its repositories here."""

    def confirm_actor(self, permission: str) -> None:
        """For `fresh` commands: `actor` as it is now, not as when its token was made; refuses without the permission.

        Only a service that keeps users can say.
        """
        raise NotImplementedError

    def require_person(self, person_id: str) -> None:
        """Raises NotFound("person_not_found") unless there is such a person that the user sees, erased or not.

        A service that lists what persons have keeps them, or copies of them, as `persons` (`open`).
        """
        vars(self)["persons"].require(person_id)

    def names_of(self, kind: str, record_ids: Collection[str]) -> Mapping[str, str | None]:
        """The names of the records of a kind that answers refer to (references.py), by id; of a user who has none here
        yet, the actor's own. A service says in `open` who knows the names of each kind (`namers`)."""
        namer = self.namers.get(kind)
        found = namer(record_ids) if namer is not None else {}
        return {self.actor.id: self.actor.name, **{one: name for one, name in found.items() if name}}

    def namer(self, collection: str, prefix: str = "", built_in: Mapping[str, str] | None = None) -> Namer:
        """Names by `_id` less the prefix, as they were some seconds ago at most (storage/remembered.py).

        `built_in`: names of records that every company has, stored or not.
        """
        rows, labels = self.tenant.remembered(collection), built_in or {}

        def names(record_ids: Collection[str]) -> dict[str, str | None]:
            known = {one: labels[one] for one in record_ids if one in labels}
            found = rows.names([f"{prefix}{one}" for one in record_ids if one not in known])
            return {**known, **{one.removeprefix(prefix): name for one, name in found.items()}}

        return names

    def renamed(self, collection: str, record_id: str) -> None:
        """The record is changed here: its name is read again after the commit."""
        rows = self.tenant.remembered(collection)
        self.after_commit.append(lambda: rows.forget(record_id))

    def require_seen(self, answer: Any) -> None:
        """Raises Invalid("if_match_unexpected") unless the record whose version the caller has seen was read."""
        if self.tenant.expected is not None:
            self.tenant.expected.require_met(answer)

    def redirect(self, record_id: str, to: str | None, sequence: int) -> None:
        """Another service's record leads to `to` from now on, or (None) to itself; its rows here follow."""
        self.redirects.point(record_id, to, sequence, self.now + self._settle)
        # in a transaction: what others read meanwhile was as before it
        self.after_commit.append(self.redirects.forget)

    def one_after_another(self, what: str) -> None:
        """Of two transactions of the company that say the same `what`, one is run again after the other. For a rule
        over several records (a limit, a name that none other has): in its snapshot neither sees what the other adds."""
        self.tenant.collection(NUMBERS).next_numbers(what)

    def new_id(self) -> str:
        return ids.new_id()

    def publish(self, event: Event, aggregate_id: str, sequence: int, **data: Any) -> None:
        """Announces `event` when, and only when, this transaction commits.

        `sequence` is the aggregate's version: one event of an aggregate a version, so readers can see gaps.
        Raises ValueError, a fault of the producer's, for a second one, and for data that the schema does not promise.
        """
        if (aggregate_id, sequence) in self._announced:
            raise ValueError(f"{event.name}: a second event of {aggregate_id} in version {sequence}")
        self._announced.add((aggregate_id, sequence))
        told = _as_promised(event, data)
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
            "data": told,
        }
        if tracing.is_on():
            envelope["trace"] = tracing.here()
        self.enqueue(
            COLLECTION,
            {
                "_id": envelope["id"],
                "source": event.source,
                "name": event.name,
                "envelope": envelope_bytes(envelope).decode(),
            },
        )

    def enqueue(self, collection: str, document: Document) -> None:
        """Adds work that is done after the commit, by this process until its lease ends (jobs/leased.py).

        For a handler with `once=False` the `_id` must follow from the event: a repeat then adds nothing.
        """
        lease = dt.timedelta(milliseconds=round(1000 * self.leases.get(collection, self._lease)))
        owned = {**document, "company": self.company, "next_at": self.now + lease}
        if tracing.is_on():
            owned[tracing.FIELD] = tracing.here()
        self.pending.setdefault(collection, []).append(owned)

    def flush(self) -> None:
        """Writes the pending work; the chassis calls it last in the transaction."""
        for collection, documents in self.pending.items():
            self.tenant.collection(collection).insert_many(documents, later=True)

    def flush_new(self) -> None:
        """The same outside a transaction, where all of it may be repeated: of what is there already nothing is written,
        and nothing is pending here."""
        for collection, documents in self.pending.items():
            self.pending[collection] = self.tenant.collection(collection).insert_new(documents)


def _as_promised(event: Event, data: Mapping[str, Any]) -> dict[str, Any]:
    """The data as the schema writes it; raises ValueError for a missing or invalid field: no reader could read it."""
    schema = instance(event.schema)
    told: dict[str, Any] = dump_of(event.schema)(data)
    wrong = schema.validate(told).keys() | schema.fields.keys() - told.keys()
    if wrong:
        raise ValueError(f"{event.name}: not as promised in {', '.join(sorted(wrong))}")
    return told
