"""Companies of the installation: made, changed, announced again.

A new or changed company is announced through people's outbox. Repeating a creation changes nothing.
"""

from __future__ import annotations

import uuid

import click

from deploy.operations.acting import transact
from deploy.operations.tables import table
from services.chassis.access.context import INSTALLATION
from services.people.companies import commands as companies_commands
from services.people.companies.model import Company
from services.people.keys import commands as keys_commands
from services.people.session import PeopleSession
from services.people.users import commands as users_commands
from services.people.users.model import User

MOST_LISTED = 1_000
ZONE = "America/Sao_Paulo"


def company_named(code: str) -> Company:
    """Raises ClickException for a code that no company has."""
    found: Company | None = transact(INSTALLATION, lambda tx: tx.companies.by_code(code))
    if found is None:
        raise click.ClickException(f"no company {code}; `vinculo company list` names them")
    return found


def members(tx: PeopleSession) -> list[User]:
    found: list[User] = tx.users.members(tx.company, MOST_LISTED, None)["items"]
    return found


def derived_id(kind: str, name: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{kind}:{name}").hex


def create_company(code: str, name: str, time_zone: str) -> str:
    """The id of the company with this code, made and announced if it was not there."""
    company = Company(id=derived_id("company", code), code=code, name=name, time_zone=time_zone)

    def work(tx: PeopleSession) -> str:
        known = tx.companies.by_code(code)
        if known is None:
            tx.companies.put(company)
            companies_commands.announce(tx, company)
            tx.audit("company_created", company.id, code=code)
        return (known or company).id

    return str(transact(company.id, work))


def change_company(code: str, name: str | None, time_zone: str | None) -> str:
    def work(tx: PeopleSession) -> str:
        company = tx.companies.get(tx.company)
        company.change(name, time_zone)
        tx.companies.save(company)
        companies_commands.announce(tx, company)
        tx.audit("company_changed", company.id, name=company.name, time_zone=company.time_zone)
        return company.id

    return str(transact(company_named(code).id, work))


def announce_company(code: str) -> str:
    """Again, as it is, with its users and live keys: for a service that came later, or lost its copy."""

    def work(tx: PeopleSession) -> str:
        companies_commands.announce(tx, tx.companies.get(tx.company))
        for user in members(tx):
            users_commands.announce(tx, user)
        for key in tx.access.keys.live(tx.now):
            keys_commands.announce(tx, key)
        return tx.company

    return str(transact(company_named(code).id, work))


def listed_companies() -> list[Company]:
    found: list[Company] = transact(INSTALLATION, lambda tx: tx.companies.first(MOST_LISTED))
    return found


@click.group()
def company() -> None:
    """Companies: create, change, list, announce again."""


@company.command()
@click.option("--code", required=True, help="Short and for good: how commands name the company.")
@click.option("--name", required=True)
@click.option("--time-zone", default=ZONE, show_default=True)
def create(code: str, name: str, time_zone: str) -> None:
    """Make a company, and print its id. Next: `vinculo user create` for its first administrator."""
    click.echo(create_company(code, name, time_zone))


@company.command()
@click.option("--code", required=True)
@click.option("--name")
@click.option("--time-zone")
def change(code: str, name: str | None, time_zone: str | None) -> None:
    """Give a company another name or time zone."""
    click.echo(change_company(code, name, time_zone))


@company.command()
@click.option("--code", required=True)
def announce(code: str) -> None:
    """Tell all services again of a company and its users: for one that came later, or lost its copy."""
    click.echo(announce_company(code))


@company.command("list")
def list_command() -> None:
    """Code, id, time zone and name of each company."""
    rows = [(one.code, one.id, one.time_zone, one.name) for one in listed_companies()]
    click.echo("\n".join(table(("CODE", "ID", "TIME ZONE", "NAME"), rows)))
