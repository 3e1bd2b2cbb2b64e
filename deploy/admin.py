"""Companies and users from the command line: `python -m deploy.admin company-create|user-create ...`.

Runs beside the services, on people's own database (MONGO_URI). Repeating a command changes nothing.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
import uuid

from services.chassis.context import INSTALLATION
from services.chassis.mongo import Database
from services.chassis.session import Actor
from services.chassis.units import now
from services.people import passwords, store
from services.people.domain import Company, User


def _session() -> store.PeopleSession:
    uri = os.environ.get("MONGO_URI") or sys.exit("MONGO_URI is not set")
    database = Database(uri, os.environ.get("VINCULO_DATABASE_PREFIX", "vinculo_") + "people")
    database.ensure_indexes(store.INDEXES)
    return store.PeopleSession(database.tenant(INSTALLATION), Actor("admin", "admin"), now(), "admin", 10)


def create_company(code: str, name: str, time_zone: str) -> str:
    """The id of the company with this code, made if it was not there."""
    companies = _session().companies
    known = companies.by_code(code)
    if known is None:
        known = Company(
            id=uuid.uuid5(uuid.NAMESPACE_OID, f"company:{code}").hex, code=code, name=name, time_zone=time_zone
        )
        companies.put(known)
    return known.id


def create_user(login: str, name: str, company: str, roles: list[str], password: str) -> str:
    """The id of the user, who then has these roles in the company (by code); a known user's password stays."""
    session = _session()
    found = session.companies.by_code(company) or sys.exit(f"no company {company}")
    user = session.users.by_login(login.lower()) or User(
        id=uuid.uuid5(uuid.NAMESPACE_OID, f"user:{login.lower()}").hex,
        login=login.lower(),
        name=name,
        password_hash=passwords.hashed(password),
        memberships={},
    )
    user.memberships[found.id] = roles
    session.users.put(user)
    return user.id


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m deploy.admin", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    company = commands.add_parser("company-create")
    company.add_argument("--code", required=True)
    company.add_argument("--name", required=True)
    company.add_argument("--time-zone", default="America/Sao_Paulo")
    user = commands.add_parser("user-create", help="the password comes from VINCULO_PASSWORD or a prompt")
    user.add_argument("--login", required=True)
    user.add_argument("--name", required=True)
    user.add_argument("--company", required=True, help="its code")
    user.add_argument("--role", action="append", required=True, dest="roles")
    options = parser.parse_args()
    if options.command == "company-create":
        print(create_company(options.code, options.name, options.time_zone))
    else:
        password = os.environ.get("VINCULO_PASSWORD") or getpass.getpass("Senha: ")
        print(create_user(options.login, options.name, options.company, options.roles, password))


if __name__ == "__main__":
    main()
