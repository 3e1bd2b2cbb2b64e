"""Users and API keys, as no company's administrator may: a first user, a second company, a password of several.

Each act is in the company's audit, as `operator`.
"""

from __future__ import annotations

import getpass
import os
from dataclasses import replace

import click

from deploy.operations.acting import transact
from deploy.operations.companies import company_named, derived_id, members
from deploy.operations.tables import table
from services.chassis.access.context import INSTALLATION
from services.people.access.administrators import keeping_administrators
from services.people.companies.model import Company
from services.people.keys.model import ApiKey
from services.people.session import PeopleSession
from services.people.sessions import passwords
from services.people.sessions.proving import known_of
from services.people.users import commands as users_commands
from services.people.users.model import Membership, User

KEYS_LISTED = 500


def _user(tx: PeopleSession, login: str) -> User:
    found = tx.users.by_login(login.lower())
    if found is None:
        raise click.ClickException(f"no user {login}")
    return found


def create_user(login: str, name: str, company: str, roles: list[str], password: str) -> str:
    """The id of the user, who then has these roles in the company (by code); a known user's password stays."""
    login = login.lower()

    def work(tx: PeopleSession) -> str:
        tx.access.roles.many(roles)
        user = tx.users.by_login(login) or _new_user(login, name, password, tx.companies.get(tx.company))
        held = user.memberships.get(tx.company)
        if held is None or (held.roles, held.active) != (roles, True):
            user.memberships[tx.company] = replace(held, roles=roles, active=True) if held else Membership(roles)
            user.version += 1
            users_commands.announce(tx, user)
            tx.audit("user_created" if held is None else "user_changed", user.id, roles=roles)
        with keeping_administrators(tx):
            tx.users.put(user)
        return user.id

    return str(transact(company_named(company).id, work))


def _new_user(login: str, name: str, password: str, company: Company) -> User:
    passwords.refuse_weak(password, login, name, company.name, company.code)
    return User(
        id=derived_id("user", login), login=login, name=name, password_hash=passwords.hash_password(password.strip())
    )


def deactivate_user(login: str, company: str) -> str:
    """In this company only; its last administrator stays (a new password ends the sessions of that one)."""

    def work(tx: PeopleSession) -> str:
        user = tx.users.member(_user(tx, login).id, tx.company)
        user.memberships[tx.company].active = False
        with keeping_administrators(tx):
            tx.users.save(user)
        users_commands.announce(tx, user)
        tx.audit("user_changed", user.id, active=False)
        return user.id

    return str(transact(company_named(company).id, work))


def reset_password(login: str, password: str) -> str:
    """Ends the user's sessions in every company, and a lock."""
    found: User = transact(INSTALLATION, lambda tx: _user(tx, login))

    def work(tx: PeopleSession) -> str:
        user = tx.users.get(found.id)
        passwords.refuse_weak(password, *known_of(tx, user))
        user.set_password(passwords.hash_password(password.strip()))
        tx.users.save(user)
        tx.tries.forget_login(user.login)
        tx.audit("password_reset", user.id)
        return user.id

    return str(transact(next(iter(found.memberships), INSTALLATION), work))


def unlock(login: str | None, address: str | None) -> str:
    """Wrong passwords are forgotten: of a login from wherever, or of an address."""

    def work(tx: PeopleSession) -> bool:
        return tx.tries.forget_login(login.lower()) if login else tx.tries.forget_address(str(address))

    return "unlocked" if transact(INSTALLATION, work) else "was not locked"


def revoke_key(key_id: str, company: str) -> str:
    def work(tx: PeopleSession) -> str:
        key = tx.access.keys.get(key_id)
        key.revoke(tx.now)
        tx.access.keys.save(key)
        tx.audit("key_revoked", key.id, name=key.name)
        return key.id

    return str(transact(company_named(company).id, work))


def keys_of(company: str) -> list[ApiKey]:
    """The newest ones."""

    def work(tx: PeopleSession) -> list[ApiKey]:
        found: list[ApiKey] = tx.access.keys.page(None, KEYS_LISTED, None)["items"]
        return found

    result: list[ApiKey] = transact(company_named(company).id, work)
    return result


def asked_password() -> str:
    """From VINCULO_PASSWORD or a prompt."""
    return os.environ.get("VINCULO_PASSWORD") or getpass.getpass("Senha: ")


@click.group()
def user() -> None:
    """Users: create, deactivate, list; new passwords, locks."""


@user.command()
@click.option("--login", required=True, help="The user's e-mail address.")
@click.option("--name", required=True)
@click.option("--company", required=True, help="Its code.")
@click.option(
    "--role",
    "roles",
    required=True,
    multiple=True,
    help="admin, manager, seller, attendant, viewer, or the id of one of the company's own; may be repeated.",
)
def create(login: str, name: str, company: str, roles: tuple[str, ...]) -> None:
    """Make a user, or give a known one a company or other roles there; print the id.

    The password comes from VINCULO_PASSWORD or is asked for; a known user's stays as it is.
    """
    click.echo(create_user(login, name, company, list(roles), asked_password()))


@user.command()
@click.option("--login", required=True)
@click.option("--company", required=True, help="Its code.")
def deactivate(login: str, company: str) -> None:
    """End a user's access to one company."""
    click.echo(deactivate_user(login, company))


@user.command()
@click.option("--login", required=True)
def password(login: str) -> None:
    """Set a new password (VINCULO_PASSWORD or asked for); the user's sessions end everywhere, and a lock."""
    click.echo(reset_password(login, asked_password()))


@user.command("unlock")
@click.option("--login")
@click.option("--address", help="An IP address that guessed too often.")
def unlock_command(login: str | None, address: str | None) -> None:
    """Forget the wrong passwords of a login, or of an address."""
    if bool(login) == bool(address):
        raise click.UsageError("give --login or --address")
    click.echo(unlock(login, address))


@user.command("list")
@click.option("--company", required=True, help="Its code.")
def list_command(company: str) -> None:
    """Login, id, state, roles and name of a company's users."""
    company_id = company_named(company).id
    held = [(one, one.memberships[company_id]) for one in transact(company_id, members)]
    rows = [
        (one.login, one.id, "active" if member.active else "inactive", ",".join(member.roles), one.name)
        for one, member in held
    ]
    click.echo("\n".join(table(("LOGIN", "ID", "STATE", "ROLES", "NAME"), rows)))


@click.group("api-key")
def api_key() -> None:
    """API keys of other systems: list, revoke. Companies make them over HTTP."""


@api_key.command("list")
@click.option("--company", required=True, help="Its code.")
def list_keys(company: str) -> None:
    """Id, name, end and state of a company's API keys, the newest first."""
    rows = [
        (one.id, one.name, one.expires_at.date(), "revoked" if one.revoked_at else "live") for one in keys_of(company)
    ]
    click.echo("\n".join(table(("ID", "NAME", "EXPIRES", "STATE"), rows)))


@api_key.command()
@click.option("--key-id", required=True)
@click.option("--company", required=True, help="Its code.")
def revoke(key_id: str, company: str) -> None:
    """End an API key at once."""
    click.echo(revoke_key(key_id, company))
