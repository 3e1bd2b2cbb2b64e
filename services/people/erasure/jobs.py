"""The last part of an erasure, after every other service has answered: parked messages, then the person's record.

It is leased work: after a crash a step is repeated, which is safe for every step. Messages are found by values read
from the record, so the record is anonymised last. A second pass, once all work begun before has ended, erases what was
written meanwhile.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from services.chassis.clock import now
from services.chassis.handling.session import Actor
from services.chassis.jobs.leased import Job
from services.chassis.jobs.work import Work
from services.chassis.messaging.purge import purge
from services.chassis.messaging.topology import UNROUTED, dead_queue_name, retry_queue_name
from services.chassis.personal_data.erasure import PASS_SECONDS, one_pass
from services.chassis.personal_data.inventory import Erased
from services.chassis.process.runtime import Runtime
from services.chassis.storage.rows import Document
from services.people.erasure.model import ASKED, MESSAGES, OWN, Erasure, anonymise, identifying_values
from services.people.personal_data import REQUEST_BASIS
from services.people.session import PeopleSession

COLLECTION = "erasing"
ERASER = Actor("erasure", "Eliminação de dados")
TRANSACTION_SECONDS = 10.0
UNREADABLE = "message_unreadable"


def make_eraser(runtime: Runtime) -> Job:
    """The job that takes one erasure which every other service has answered."""

    def erase(document: Document) -> None:
        work = Work(runtime.database, COLLECTION, document)
        if document["anonymised_at"] is None:
            _erase(runtime, document)
            settled = now() + dt.timedelta(seconds=runtime.config.settle)
            work.put_off(settled, anonymised_at=now())
        else:
            _erase_late_rows(runtime, document)
            work.drop()

    return Job(erase, PASS_SECONDS, row_is_work=True)


def _erase(runtime: Runtime, document: Document) -> None:
    session = _session(runtime, document)
    erasure = session.erasures.get(document["_id"])
    values = _values(session, erasure)
    dropped = _purge(runtime, erasure.persons, values)
    done = one_pass(runtime, document["company"], erasure.persons)
    _transact(runtime, document, lambda session: _anonymise(session, dropped, done))


def _erase_late_rows(runtime: Runtime, document: Document) -> None:
    erasure = _session(runtime, document).erasures.get(document["_id"])
    dropped = _purge(runtime, erasure.persons, set())
    one_pass(runtime, document["company"], erasure.persons)
    _transact(runtime, document, lambda session: _finish(session, dropped))


def _anonymise(session: PeopleSession, dropped: int, done: list[Erased]) -> None:
    erasure = session.erasures.get(session.cause)
    person = session.persons.get(erasure.person_id)
    merges = [merge for member in erasure.persons for merge in session.merges.into(member)]
    for merge in merges:
        merge.erase()
        session.merges.put(merge)
    session.persons.save(anonymise(person, session.now))
    session.duplicates.put_all(person.id, {})
    own = [
        Erased("persons", "anonymised", 1, None),
        Erased("merges", "anonymised", len(merges), None),
        *(Erased(item.what, item.outcome, item.count, item.basis) for item in done),
        Erased("erasures", "kept", 1, REQUEST_BASIS),
    ]
    erasure.receive(OWN, [asdict(item) for item in own], session.now)
    erasure.receive(MESSAGES, [asdict(Erased("messages", "erased", dropped, None))], session.now)
    session.erasures.save(erasure)


def _finish(session: PeopleSession, dropped: int) -> None:
    erasure = session.erasures.get(session.cause)
    erasure.receipts[MESSAGES]["items"][0]["count"] += dropped
    erasure.finish(session.now)
    session.erasures.save(erasure)


def _values(session: PeopleSession, erasure: Erasure) -> set[str]:
    """The values that name the person, and those merged into it, in unreadable messages."""
    persons = [session.persons.get(erasure.person_id)]
    persons += [merge.person for member in erasure.persons for merge in session.merges.into(member) if merge.person]
    return {value for person in persons for value in identifying_values(person)}


def _purge(runtime: Runtime, persons: Iterable[str], values: set[str]) -> int:
    """Removes parked messages from dead and retry queues; returns how many.

    A readable message is found by a person's id, an unreadable one also by `values`.
    """
    services, delays = (*ASKED, OWN), sorted(set(runtime.config.retry_delays))
    queues = [dead_queue_name(service) for service in services]
    queues += [retry_queue_name(service, seconds) for service in services for seconds in delays]
    ids = [person_id.encode() for person_id in persons]
    # as plain UTF-8, and with JSON's escapes
    words = [word.encode() for value in values for word in (value, json.dumps(value)[1:-1])]

    def drops(body: bytes, headers: dict[str, Any]) -> bool:
        unreadable = headers.get("vinculo-reason") == UNREADABLE
        return any(part in body for part in ids) or (unreadable and any(word in body for word in words))

    return purge(runtime.config.amqp_uri, runtime.publisher, [*queues, UNROUTED], drops)


def _transact(runtime: Runtime, document: Document, work: Callable[[Any], None]) -> None:
    runtime.transact(document["company"], ERASER, document["_id"], TRANSACTION_SECONDS, work)


def _session(runtime: Runtime, document: Document) -> PeopleSession:
    """A session for reading outside of a transaction."""
    session = runtime.session_for(document["company"], ERASER, document["_id"], None)
    assert isinstance(session, PeopleSession)  # noqa: S101 - the service's own session
    return session
