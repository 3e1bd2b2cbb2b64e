"""Companies, users and keys from the command line: `python -m deploy.admin COMMAND ...`; `--help` lists them.

For operators, who may what no company's administrator may: make companies and their first users, give a user a second
company, reset a password of a user of several. Runs beside the services, on people's own database (MONGO_URI);
each command is one transaction, recorded in the company's audit, and announced through people's outbox. Repeating a
creation changes nothing.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
import uuid
from collections.abc import Callable
from typing import Any

from services.chassis.access.context import INSTALLATION
from services.chassis.errors import Failure
from services.chassis.handling.session import Actor
from services.chassis.handling.unit_of_work import now
from services.chassis.storage.database import Database
from services.people import session as people_session
from services.people.access.administrators import keeping_administrators
from services.people.companies import commands as companies_commands
from services.people.companies.model import Company
from services.people.sessions import passwords
from services.people.sessions.proving import known_of
from services.people.users import commands as users_commands
from services.people.users.model import Membership, User

OPERATOR = Actor("operator", "Operador da instalação")
SECONDS = 30.0
MOST_LISTED = 1_000


def _run(company_id: str, work: Callable[[people_session.PeopleSession], Any]) -> Any:
    """One transaction for this company; what it announces is published by people, at once when it runs."""
    uri = os.environ.get("MONGO_URI") or sys.exit("MONGO_URI is not set")
    database = Database(uri, os.environ.get("VINCULO_DATABASE_PREFIX", "vinculo_") + "people")
    database.ensure_indexes(people_session.INDEXES)

    def once(client_session: Any) -> Any:
        session = people_session.PeopleSession(database.tenant(company_id, client_session), OPERATOR, now(), "admin", 0)
        result = work(session)
        session.flush()
        return result

    try:
        return database.transact(once, SECONDS)
    finally:
        database.close()


def _company(code: str) -> Company:
    found: Company | None = _run(INSTALLATION, lambda tx: tx.companies.by_code(code))
    return found or sys.exit(f"no company {code}")


def _user(tx: people_session.PeopleSession, login: str) -> User:
    return tx.users.by_login(login.lower()) or sys.exit(f"no user {login}")


def _members(tx: people_session.PeopleSession) -> list[User]:
    found: list[User] = tx.users.members(tx.company, MOST_LISTED, None)["items"]
    return found


def _id_of(kind: str, name: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{kind}:{name}").hex


def create_company(code: str, name: str, time_zone: str) -> str:
    """The id of the company with this code, made and announced if it was not there."""
    company = Company(id=_id_of("company", code), code=code, name=name, time_zone=time_zone)

    def work(tx: people_session.PeopleSession) -> str:
        known = tx.companies.by_code(code)
        if known is None:
            tx.companies.put(company)
            companies_commands.announce(tx, company)
            tx.audit("company_created", company.id, code=code)
        return (known or company).id

    return str(_run(company.id, work))


def change_company(code: str, name: str | None, time_zone: str | None) -> str:
    def work(tx: people_session.PeopleSession) -> str:
        company = tx.companies.get(tx.company)
        company.change(name, time_zone)
        tx.companies.save(company)
        companies_commands.announce(tx, company)
        tx.audit("company_changed", company.id, name=company.name, time_zone=company.time_zone)
        return company.id

    return str(_run(_company(code).id, work))


def announce_company(code: str) -> str:
    """Again, as it is, with its users: for a service that came later, or lost its copy."""

    def work(tx: people_session.PeopleSession) -> str:
        companies_commands.announce(tx, tx.companies.get(tx.company))
        for user in _members(tx):
            users_commands.announce(tx, user)
        return tx.company

    return str(_run(_company(code).id, work))


def create_user(login: str, name: str, company: str, roles: list[str], password: str) -> str:
    """The id of the user, who then has these roles in the company (by code); a known user's password stays."""
    login = login.lower()

    def work(tx: people_session.PeopleSession) -> str:
        tx.access.roles.many(roles)
        user = tx.users.by_login(login) or _new_user(login, name, password, tx.companies.get(tx.company))
        held = user.memberships.get(tx.company)
        if held is None or (held.roles, held.active) != (roles, True):
            user.memberships[tx.company] = Membership(roles, held.person_id if held else None)
            user.version += 1
            users_commands.announce(tx, user)
            tx.audit("user_created" if held is None else "user_changed", user.id, roles=roles)
        with keeping_administrators(tx):
            tx.users.put(user)
        return user.id

    return str(_run(_company(company).id, work))


def _new_user(login: str, name: str, password: str, company: Company) -> User:
    passwords.refuse_weak(password, login, name, company.name, company.code)
    return User(id=_id_of("user", login), login=login, name=name, password_hash=passwords.hashed(password.strip()))


def deactivate_user(login: str, company: str) -> str:
    """In this company only; its last administrator stays (a new password ends the sessions of that one)."""

    def work(tx: people_session.PeopleSession) -> str:
        user = tx.users.member(_user(tx, login).id, tx.company)
        user.memberships[tx.company].active = False
        with keeping_administrators(tx):
            tx.users.save(user)
        users_commands.announce(tx, user)
        tx.audit("user_changed", user.id, active=False)
        return user.id

    return str(_run(_company(company).id, work))


def reset_password(login: str, password: str) -> str:
    """Ends the user's sessions in every company, and a lock."""
    found: User = _run(INSTALLATION, lambda tx: _user(tx, login))

    def work(tx: people_session.PeopleSession) -> str:
        user = tx.users.get(found.id)
        passwords.refuse_weak(password, *known_of(tx, user))
        user.set_password(passwords.hashed(password.strip()))
        tx.users.save(user)
        tx.tries.forget_login(user.login)
        tx.audit("password_reset", user.id)
        return user.id

    return str(_run(next(iter(found.memberships), INSTALLATION), work))


def unlock(login: str | None, address: str | None) -> str:
    """Wrong passwords are forgotten: of a login from wherever, or of an address."""

    def work(tx: people_session.PeopleSession) -> bool:
        return tx.tries.forget_login(login.lower()) if login else tx.tries.forget_address(str(address))

    return "unlocked" if _run(INSTALLATION, work) else "was not locked"


def revoke_key(key_id: str, company: str) -> str:
    def work(tx: people_session.PeopleSession) -> str:
        key = tx.access.keys.get(key_id)
        key.revoke(tx.now)
        tx.access.keys.save(key)
        tx.audit("key_revoked", key.id, name=key.name)
        return key.id

    return str(_run(_company(company).id, work))


def list_companies() -> str:
    found: list[Company] = _run(INSTALLATION, lambda tx: tx.companies.listed(MOST_LISTED))
    return "\n".join(f"{c.code}\t{c.id}\t{c.time_zone}\t{c.name}" for c in found)


def list_users(company: str) -> str:
    company_id = _company(company).id
    found: list[User] = _run(company_id, _members)
    held = [(user, user.memberships[company_id]) for user in found]
    return "\n".join(
        f"{user.login}\t{user.id}\t{'active' if member.active else 'inactive'}\t{','.join(member.roles)}\t{user.name}"
        for user, member in held
    )


def _password() -> str:
    """From VINCULO_PASSWORD or a prompt."""
    return os.environ.get("VINCULO_PASSWORD") or getpass.getpass("Senha: ")


def _with(parser: Any, name: str, run: Callable[..., str], /, **arguments: str) -> None:
    """A command whose options are `run`'s arguments; `arguments` says of each: required, optional, or a default."""
    command = parser.add_parser(name, help=(run.__doc__ or "").split(";")[0].strip().split("\n")[0] or None)
    for argument, kind in arguments.items():
        default = None if kind in ("required", "optional") else kind
        command.add_argument(f"--{argument.replace('_', '-')}", required=kind == "required", default=default)
    command.set_defaults(run=run)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.admin", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    zone = "America/Sao_Paulo"
    _with(commands, "company-create", create_company, code="required", name="required", time_zone=zone)
    _with(commands, "company-change", change_company, code="required", name="optional", time_zone="optional")
    _with(commands, "company-announce", announce_company, code="required")
    _with(commands, "company-list", list_companies)
    _with(commands, "user-create", create_user, login="required", name="required", company="required")
    commands.choices["user-create"].add_argument("--role", action="append", required=True, dest="roles")
    _with(commands, "user-deactivate", deactivate_user, login="required", company="required")
    _with(commands, "user-password", reset_password, login="required")
    _with(commands, "user-unlock", unlock, login="optional", address="optional")
    _with(commands, "user-list", list_users, company="required")
    _with(commands, "key-revoke", revoke_key, key_id="required", company="required")
    return parser


def main() -> None:
    options = vars(_parser().parse_args())
    command, run = options.pop("command"), options.pop("run")
    if command in ("user-create", "user-password"):
        options["password"] = _password()
    try:
        print(run(**options))
    except Failure as refusal:
        sys.exit(f"{refusal.code}: {refusal.detail}")


if __name__ == "__main__":
    main()
