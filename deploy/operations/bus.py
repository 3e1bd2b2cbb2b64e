"""`vinculo topology` and `vinculo keys`: what lies on the bus, and what its processes speak and keep secrets with."""

from __future__ import annotations

import os
from collections.abc import Iterable

import click
from amqp.exceptions import NotFound, PreconditionFailed
from environs import Env
from kombu import Connection, Exchange, Queue

from deploy import keys as bus_keys
from deploy import topology as deployed
from deploy.operations.installation import amqp_uri, database_of
from deploy.operations.tables import table
from services.chassis.access.keyring import public_of
from services.chassis.access.sealing import Safe
from services.chassis.errors import Conflict
from services.chassis.messaging import topology as messaging_topology

PAGE = 100
# Collections with secrets at rest, in the field `sealed`: by service, and what they are called.
SEALED = (
    ("sales", "fiscal_settings", "certificates"),
    ("notifications", "accounts", "mail and WhatsApp accounts"),
    ("notifications", "mailboxes", "mailboxes"),
    ("notifications", "webhooks", "secrets of webhooks"),
)


def troubles(uri: str, exchanges: Iterable[Exchange], queues: Iterable[Queue]) -> list[tuple[str, str]]:
    """What is missing or declared otherwise; changes nothing. AMQP can't be asked for bindings: `apply` renews them."""
    wanted = {one.name: one.declare for one in exchanges} | {one.name: one.queue_declare for one in queues}
    found = []
    with Connection(uri, connect_timeout=5) as connection:
        for name, declare in wanted.items():
            channel = connection.channel()
            try:
                # what is there is only compared
                declare(passive=True, channel=channel)
                declare(channel=channel)
            except NotFound:
                found.append((name, "missing"))
            except PreconditionFailed:
                found.append((name, "declared otherwise"))
            else:
                channel.close()
    return found


def declared() -> tuple[list[Exchange], list[Queue]]:
    """The exchanges and queues that the five services need, as VINCULO_RETRY_DELAYS and the like say."""
    _, delays, dead = deployed.settings()
    exchanges = [messaging_topology.RPC_EXCHANGE, messaging_topology.UNROUTED_EXCHANGE, *deployed.exchanges()]
    return exchanges, [messaging_topology.unrouted_queue(), *deployed.queues(delays, dead)]


@click.group()
def topology() -> None:
    """Exchanges and queues: check, apply."""


@topology.command()
def check() -> None:
    """Tell what is missing or declared otherwise; change nothing. Next: `vinculo topology apply`."""
    found = troubles(amqp_uri(), *declared())
    if found:
        click.echo("\n".join(table(("EXCHANGE OR QUEUE", "TROUBLE"), found)))
        told = "`vinculo topology apply` declares what is missing; drain and delete what is declared otherwise first"
        raise click.ClickException(told)
    click.echo("all exchanges and queues are there, as this version declares them")


@topology.command()
def apply() -> None:
    """Declare every exchange, queue and binding; again changes nothing. Before any service of a new version starts."""
    try:
        uri, delays, dead = deployed.settings()
        wanted = deployed.queues(delays, dead)
        messaging_topology.declare(uri, deployed.exchanges(), wanted)
    except messaging_topology.QueueNotEmpty as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"{len(wanted)} queues declared")


@click.group()
def keys() -> None:
    """Keys of the installation: new ones for the bus, whether they fit, secrets at rest.

    \b
    To replace a process's key on the bus:
      1. vinculo keys new people           prints its new public and its new own key
      2. add the public key beside the old one in VINCULO_PUBLIC_KEYS of all processes, restart all
      3. give the process (all its replicas) its new VINCULO_SENDER_KEY, restart it
      4. vinculo status                    until no dead letter or retry of before is left
      5. remove the old public key everywhere, restart all
    To replace the key of secrets at rest (certificates, mail and WhatsApp accounts, webhooks):
      1. put the new key behind the old one in VINCULO_SECRET_KEYS of the service (sales, notifications), restart all
         its replicas: each can read what another one, a step further, writes
      2. put it before the old one, restart all replicas again: each writes with it
      3. vinculo keys reseal sales         with its VINCULO_SECRET_KEYS: seals all anew with the first key
      4. remove the old key, unless step 3 told of secrets that no key opens, and restart the service
    A new VINCULO_JWT_KEY ends all access tokens; clients get new ones by refreshing.
    """


@keys.command()
@click.argument("processes", nargs=-1, type=click.Choice(bus_keys.SENDERS))
def new(processes: tuple[str, ...]) -> None:
    """Print new keys of all processes, or of those named. They are secrets: mind who sees the terminal."""
    bus_keys.main(processes)


@keys.command("check")
def check_keys() -> None:
    """Of VINCULO_PUBLIC_KEYS here: whose keys are known. Of VINCULO_SENDER_KEY, if it is set: whose it is."""
    known = known_keys()
    rows = [
        (sender, len(known.get(sender, ())), {0: "missing", 1: ""}.get(len(known.get(sender, ())), "being replaced"))
        for sender in bus_keys.SENDERS
    ]
    click.echo("\n".join(table(("PROCESS", "KEYS", ""), rows)))
    own = os.environ.get("VINCULO_SENDER_KEY")
    if own:
        holders = [sender for sender, publics in known.items() if public_of(own) in publics]
        click.echo(f"VINCULO_SENDER_KEY is the key of: {', '.join(holders) or 'nobody who is known'}")
    if any(not known.get(sender) for sender in bus_keys.SENDERS) or (own and not holders):
        raise click.ClickException(
            "a process without a known key is not heard: add it to VINCULO_PUBLIC_KEYS everywhere"
        )


def known_keys() -> dict[str, list[str]]:
    """By process, as VINCULO_PUBLIC_KEYS says."""
    found: dict[str, list[str]] = {}
    texts: list[str] = Env().list("VINCULO_PUBLIC_KEYS", []) or []
    for text in texts:
        sender, _, public = text.strip().partition(":")
        found.setdefault(sender, []).append(public)
    return found


@keys.command()
@click.argument("services", nargs=-1, type=click.Choice(sorted({service for service, _, _ in SEALED})))
def reseal(services: tuple[str, ...]) -> None:
    """Encrypt the secrets at rest of these services (all, where they share their keys) anew, with the first key of
    VINCULO_SECRET_KEYS. May be repeated. Secrets that none of its keys opens stay as they are, and are told of."""
    safe, closed = Safe.of_installation(), 0
    for service, collection, what in SEALED:
        if services and service not in services:
            continue
        count, unopened = reseal_rows(safe, service, collection)
        click.echo(f"{count} {what} sealed anew")
        click.echo("".join(f"no key opens {collection} {one}\n" for one in unopened), nl=False)
        closed += len(unopened)
    if closed:
        detail = f"{closed} secrets were sealed with a key that is not in VINCULO_SECRET_KEYS: add it behind the others"
        raise click.ClickException(f"{detail} and repeat this, or have them typed in again")


def reseal_rows(safe: Safe, service: str, collection: str) -> tuple[int, list[str]]:
    """How many, and the ids of those that no key opens. One that was replaced meanwhile is left, for its writer has the
    first key too."""
    count, last, unopened = 0, "", list[str]()
    with database_of(service) as database:
        rows = database.collection(collection)
        while True:
            batch = list(rows.find({"_id": {"$gt": last}}, {"sealed": 1}).sort("_id", 1).limit(PAGE))
            for row in batch:
                if not row.get("sealed"):
                    continue
                try:
                    anew = {"$set": {"sealed": safe.reseal(row["sealed"])}}
                except Conflict:
                    unopened.append(str(row["_id"]))
                else:
                    count += rows.update_one({"_id": row["_id"], "sealed": row["sealed"]}, anew).matched_count
            if len(batch) < PAGE:
                return count, unopened
            last = batch[-1]["_id"]
