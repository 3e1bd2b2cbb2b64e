"""The job that finds the persons of a mailing and announces them in chunks (row N6, ADR 0048).

One transaction announces a chunk and moves the position, so that after a crash another process continues exactly there.
The job sees what the requesting user sees, with the user's present rights.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, replace
from typing import Any, cast

import eventlet

from services.chassis.access import sections
from services.chassis.access.context import Context
from services.chassis.access.visibility import ATTENDANCE_TYPE, FLOW
from services.chassis.clock import now
from services.chassis.errors import Forbidden, Unauthenticated
from services.chassis.handling.session import Actor
from services.chassis.jobs.leased import Job
from services.chassis.jobs.work import Work
from services.chassis.process.runtime import Runtime
from services.chassis.storage.rows import Document
from services.people import events
from services.people.audiences.model import MOST_PERSONS, RIGHTS_MISSING, TOO_LARGE, Audience, recipient_of
from services.people.audiences.repository import AUDIENCES, audience_of
from services.people.persons.editing import only_category
from services.people.persons.model.person import Person
from services.people.session import PeopleSession
from services.people.users.actors import access_without_sign_in

CHUNK = 200
CHUNK_SECONDS = 20.0
TURN_SECONDS = 5.0
# The longest run: a chunk may begin when the turn is almost over.
DEADLINE = TURN_SECONDS + CHUNK_SECONDS + 5
NEEDS, CONTACTS_NEED = "people.read", "attendance.read"


@dataclass(frozen=True)
class Chunk:
    """`last`: the last chunk. `refused`: why the gathering ends; then the chunks before are void."""

    persons: list[dict[str, Any]]
    cursor: str | None
    last: bool
    refused: str | None = None


def make_gatherer(runtime: Runtime) -> Job:
    """The job that announces the next chunks of one audience, and comes back until all are announced."""

    def gather(row: Document) -> None:
        audience: Audience | None = audience_of(row)
        ends = time.monotonic() + TURN_SECONDS
        while audience is not None and time.monotonic() < ends and not runtime.jobs[AUDIENCES].stopping:
            audience = _announce_next(runtime, row["company"], audience)
            eventlet.sleep(0)
        if audience is not None:
            Work(runtime.database, AUDIENCES, row, ("next_at",)).put_off(now() + dt.timedelta(milliseconds=1))

    return Job(gather, DEADLINE, row_is_work=True)


def _announce_next(runtime: Runtime, company: str, audience: Audience) -> Audience | None:
    """The audience after its next chunk; None where that was the last one, or another process has it."""
    chunk = _read(runtime, company, audience)
    after = replace(
        audience,
        number=audience.number + 1,
        persons=audience.persons + len(chunk.persons),
        cursor=chunk.cursor,
    )

    def announce(tx: PeopleSession) -> bool:
        if not tx.audiences.advance(audience, after):
            return False
        _publish(tx, after, chunk)
        if chunk.last:
            tx.audiences.drop(after)
        return True

    actor = Actor(audience.actor_id, audience.actor_name)
    announced = runtime.transact(company, actor, audience.id, CHUNK_SECONDS, announce)
    return after if announced and not chunk.last else None


def _publish(tx: PeopleSession, audience: Audience, chunk: Chunk) -> None:
    """Publishes the chunk: to attendance where the filter needs last contacts, else to notifications."""
    data: dict[str, Any] = {"gathering_id": audience.id, "mailing_id": audience.mailing_id, **vars(chunk)}
    if audience.filter.by_contact and chunk.refused is None:
        days = {"contact_since": audience.filter.contact_since, "no_contact_since": audience.filter.no_contact_since}
        tx.publish(events.MAILING_CANDIDATES_FOUND, audience.id, audience.number, **data, **days)
    else:
        tx.publish(events.MAILING_AUDIENCE_GATHERED, audience.id, audience.number, **data)


def _read(runtime: Runtime, company: str, audience: Audience) -> Chunk:
    try:
        session = _session(runtime, company, audience)
    except (Forbidden, Unauthenticated):
        return Chunk([], None, True, RIGHTS_MISSING)
    persons, cursor = (
        _find_listed(session, audience) if audience.filter.person_ids else _find_by_filter(session, audience)
    )
    if audience.persons + len(persons) > MOST_PERSONS:
        return Chunk([], None, True, TOO_LARGE)
    decisions = session.consents.latest_of([person.id for person in persons], audience.purpose)
    with_address = session.actor.sees("section", "addresses")
    taken = [
        recipient_of(person, decisions.get(person.id, {}), with_address)
        for person in persons
        if audience.filter.includes(person, decisions.get(person.id, {}))
    ]
    return Chunk(taken, cursor, cursor is None)


def _session(runtime: Runtime, company: str, audience: Audience) -> PeopleSession:
    """Raises what access_without_sign_in raises, and Forbidden: permission_missing, section_hidden, scope_narrowed."""
    plain = Context(company, audience.actor_id, audience.actor_name, (), audience.id, time.time() + CHUNK_SECONDS)
    lookup = cast(PeopleSession, runtime.session(plain, None))
    access = access_without_sign_in(lookup.access, lookup.users, company, audience.actor_id, lookup.now)
    context = replace(plain, permissions=tuple(sorted(access.permissions)), scopes=access.scopes)
    context.require(NEEDS)
    session = cast(PeopleSession, runtime.session(context, None))
    if audience.filter.by_contact:
        context.require(CONTACTS_NEED)
        sections.refuse(session.actor.sight, "attendances", (ATTENDANCE_TYPE, FLOW))
    return session


def _find_by_filter(session: PeopleSession, audience: Audience) -> tuple[list[Person], str | None]:
    page = session.persons.search(audience.filter.query(only_category(session)), True, CHUNK, audience.cursor)
    return page["items"], page["next_cursor"]


def _find_listed(session: PeopleSession, audience: Audience) -> tuple[list[Person], str | None]:
    """The next persons of the filter's `person_ids`; the cursor is the number of ids done."""
    done = int(audience.cursor or 0)
    ids = audience.filter.person_ids[done : done + CHUNK]
    following = done + len(ids)
    more = following < len(audience.filter.person_ids)
    return session.persons.visible_active(ids), str(following) if more else None
