"""`vinculo parked`: what was given up, on the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from deploy.operations import parked as given_up
from deploy.operations.reasons import reason_of
from deploy.operations.tables import printable, since, table
from services.catalogue import SERVICES

Command = Callable[..., Any]


@click.group()
def parked() -> None:
    """What was given up: list it, show why, requeue or drop it.

    A service gives up messages that it cannot handle (dead letters) and work that fails again and again. Nothing of
    it is lost, and nothing else waits for it.

    \b
      vinculo parked list                          what, why, since when
      vinculo parked show --id ID                  what the reason means, and what to do
      vinculo parked requeue --id ID               again, when the cause is mended
      vinculo parked list                          done when it is not there any more
      vinculo parked drop --id ID --reason TEXT    never again
    """


def _service(command: Command) -> Command:
    return click.option("--service", type=click.Choice(list(SERVICES)), help="All five, unless one is named.")(command)


def _wanted(command: Command) -> Command:
    kind = click.option("--kind", help="All of a collection or a queue, or: message.")(command)
    return click.option("--id", "one", help="As `vinculo parked list` says it.")(kind)


def _named(service: str | None) -> list[str]:
    return [service] if service else list(SERVICES)


def _one_of(one: str | None, kind: str | None, everything: bool = False) -> str | None:
    """Which are meant; None for all. Raises UsageError for none or two answers."""
    if sum(map(bool, (one, kind, everything))) != 1:
        raise click.UsageError("say which: --id ID or --kind KIND; `vinculo parked list` names them")
    return one or kind


@parked.command("list")
@_service
@click.option("--kind", help="A collection, a queue, or: message.")
def list_command(service: str | None, kind: str | None) -> None:
    """What was given up, a line each. Next: `vinculo parked show --id ID`."""
    found = given_up.listed(_named(service), kind)
    if not found:
        click.echo("nothing was given up")
        return
    rows = [(one.service, one.id, one.kind, one.tries, one.error, since(one.since)) for one in found]
    click.echo("\n".join(table(("SERVICE", "ID", "KIND OR QUEUE", "TRIES", "WHY", "SINCE"), rows)))


@parked.command()
@_service
@_wanted
@click.option("--values", is_flag=True, help="What it holds, too: this may be personal data.")
@click.option("--json", "plain", is_flag=True, help="A line of JSON each.")
def show(service: str | None, one: str | None, kind: str | None, values: bool, plain: bool) -> None:
    """One, or all of a kind: what it is, what its reason means, what to do."""
    found = given_up.described(_named(service), str(_one_of(one, kind)), values)
    for told in found:
        if plain:
            click.echo(given_up.as_json(told))
            continue
        reason = reason_of(told["error"])
        told = {**told, "fields": ", ".join(told["fields"]), "means": reason.meaning, "next": reason.next}
        click.echo("\n".join(f"{name + ':':<10}{printable(value)}" for name, value in told.items()) + "\n")
    if not found:
        raise click.ClickException("there is no such thing; `vinculo parked list` names them")


@parked.command()
@_service
@_wanted
@click.option("--all", "everything", is_flag=True)
def requeue(service: str | None, one: str | None, kind: str | None, everything: bool) -> None:
    """Work is due again at once, with all its tries; an event goes back to the queue that it came from.

    Safe to repeat: readers know the events that they applied. A request stays, for its caller was answered. The act
    is in the company's audit.
    """
    _say(given_up.requeued(_named(service), _one_of(one, kind, everything)))


@parked.command()
@_service
@_wanted
@click.option("--reason", required=True, help="Why; kept in the company's audit.")
def drop(service: str | None, one: str | None, kind: str | None, reason: str) -> None:
    """Never tried again. A row that is nothing but work goes; a record of something stays."""
    if not reason.strip():
        raise click.UsageError("--reason is empty")
    _say(given_up.dropped(_named(service), str(_one_of(one, kind)), reason.strip()))


def _say(done: list[tuple[str, str]]) -> None:
    if not done:
        raise click.ClickException("there is no such thing; `vinculo parked list` names them")
    for one, outcome in done:
        click.echo(f"{one}\t{outcome}")
