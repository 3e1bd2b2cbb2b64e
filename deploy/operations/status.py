"""`vinculo status`: every part of the installation in one table, and what to do next about each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import click
from amqp.exceptions import AMQPError
from kombu.exceptions import OperationalError
from pymongo.errors import PyMongoError

from deploy import topology as deployed
from deploy.operations import looking
from deploy.operations.looking import ServiceSeen
from deploy.operations.tables import age, since, table

# Longer than an ordinary peak: who finds more should look.
MANY_WAITING = 1_000
LATE_SECONDS = 30.0
BUS_ERRORS = (AMQPError, OperationalError, OSError)


@dataclass(frozen=True)
class Line:
    """`next` is empty where nothing is to be done."""

    part: str
    state: str
    figures: str
    next: str = ""


def lines() -> list[Line]:
    """Raises NotSet, EnvError."""
    broker, database = broker_line(), database_line()
    found = [broker, database]
    if not broker.next and not database.next:
        for seen in looking.services_seen(deployed.settings()[1]):
            found += service_lines(seen)
        found.append(unrouted_line())
    gateway = looking.troubles_of("gateway")
    if gateway is not None:
        found.append(process_line("gateway", gateway, ""))
    return found


def broker_line() -> Line:
    try:
        return Line("broker", "ok", looking.broker_version())
    except BUS_ERRORS as error:
        return Line("broker", type(error).__name__, "", "is AMQP_URI right? start the broker, look at its log")


def database_line() -> Line:
    try:
        version, ready = looking.database_state()
    except PyMongoError as error:
        return Line("database", type(error).__name__, "", "is MONGO_URI right? start the database, look at its log")
    if not ready:
        return Line("database", "no primary", version, "MongoDB must be a replica set with a primary")
    if looking.half_restored():
        todo = "a restore did not end: run it again (of one company with --replace)"
        return Line("database", "half restored", version, todo)
    return Line("database", "ok", version)


def service_lines(seen: ServiceSeen) -> Iterator[Line]:
    yield requests_line(seen)
    yield events_line(seen)
    yield from work_lines(seen)
    if seen.given_up:
        oldest = min((one.since for one in seen.given_up if one.since), default=None)
        figures = f"{len(seen.given_up)} given up, the oldest {since(oldest)} ago"
        yield Line(f"{seen.name} parked", "trouble", figures, f"vinculo parked list --service {seen.name}")


def requests_line(seen: ServiceSeen) -> Line:
    queue, name = seen.requests, seen.name
    if queue.waiting is None:
        return Line(name, "no queue", "", "vinculo topology apply")
    figures = f"{queue.readers} running, {queue.waiting} requests waiting"
    if seen.troubles:
        return process_line(name, seen.troubles, figures)
    if not queue.readers:
        return Line(name, "down", figures, f"start the service {name}; its log says why it ended")
    return Line(name, "ok", figures)


def process_line(name: str, troubles: list[str], figures: str) -> Line:
    if troubles == ["clock"]:
        todo = (
            "its clock and the database's are apart: set both machines right (NTP); until then work may be done twice"
        )
        return Line(name, "not ready", figures or "clock", todo)
    if troubles:
        return Line(
            name, "not ready", figures or ", ".join(troubles), f"it lacks: {', '.join(troubles)}; look at its log"
        )
    return Line(name, "ok", figures)


def events_line(seen: ServiceSeen) -> Line:
    part = f"{seen.name} events"
    missing = [one.name for one in (*seen.events, *seen.retries) if one.waiting is None]
    if missing:
        return Line(part, "no queue", missing[0], "vinculo topology apply")
    waiting, retried = (sum(one.waiting or 0 for one in queues) for queues in (seen.events, seen.retries))
    longest = max(seen.events, key=lambda one: one.waiting or 0, default=None)
    figures = f"{waiting} waiting, {retried} to be tried again"
    if longest is not None and (longest.waiting or 0) > MANY_WAITING:
        todo = f"most in {longest.name}: add replicas of {seen.name}, or look at its log"
        return Line(part, "behind", figures, todo)
    return Line(part, "ok", figures)


def work_lines(seen: ServiceSeen) -> Iterator[Line]:
    """The outbox always, else what waits."""
    for kind, work in seen.work.items():
        figures = f"{work.waiting} waiting, the oldest {age(work.oldest)}" if work.waiting else "0 waiting"
        if work.overdue > LATE_SECONDS:
            late = f"{figures}, overdue {age(work.overdue)}"
            yield Line(f"{seen.name} {kind}", "behind", late, f"is {seen.name} running? look at its log")
        elif kind in ("outbox", "deliveries") or work.waiting:
            yield Line(f"{seen.name} {kind}", "ok", figures)


def unrouted_line() -> Line:
    (queue,) = looking.queues(["unrouted"])
    if queue.waiting is None:
        return Line("unrouted", "no queue", "", "vinculo topology apply")
    todo = "vinculo topology apply: a reader's queue was not declared when they came" if queue.waiting else ""
    return Line("unrouted", "trouble" if todo else "ok", f"{queue.waiting} events that nobody reads", todo)


@click.command()
@click.option("--json", "plain", is_flag=True, help="A line of JSON each, for programs.")
def status(plain: bool) -> None:
    """Every part in one table, with what to do next. Ends with 1 where something is to be done.

    A service counts as running by those who read its queue; where the address of its /ready is known (of `make run`,
    or by VINCULO_HEALTH_URLS=people=http://host:port,...), that is asked as well.
    """
    found = lines()
    if plain:
        click.echo("\n".join(json.dumps(asdict(one)) for one in found))
    else:
        rows = [(one.part, one.state, one.figures, one.next) for one in found]
        click.echo("\n".join(table(("PART", "STATE", "", "WHAT TO DO NEXT"), rows)))
    if any(one.next for one in found):
        raise SystemExit(1)
    if not plain:
        click.echo("\nall is well: nothing to do")
