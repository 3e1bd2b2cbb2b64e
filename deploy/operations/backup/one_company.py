"""A company that comes back alone: its users may be others' too, and what is on its way is taken off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bson
from bson.raw_bson import RawBSONDocument

from deploy.operations import acting
from deploy.operations.backup.archive import Refused
from deploy.operations.backup.in_flight import written_queues
from deploy.operations.backup.records import Collection, Message
from deploy.operations.backup.taking import company_of
from deploy.operations.companies import announce_company
from deploy.operations.installation import amqp_uri, publisher
from services.chassis.access.context import INSTALLATION
from services.chassis.errors import NotFound
from services.chassis.messaging.purge import purge
from services.chassis.messaging.topology import UNROUTED
from services.people.companies.model import Company
from services.people.session import PeopleSession
from services.people.users.model import Membership, User

SHARED = ("people.companies", "people.users")
NO_FIELDS = ("_id", "company", "finders", "memberships")
Shared = list[tuple[str, dict[str, Any]]]


def is_of(company: str, where: str, record: RawBSONDocument | Message) -> bool:
    """Whether a record of the file is the company's: its own, or itself and its members, who are the installation's."""
    if isinstance(record, Message):
        return company_of(record.body) == company
    of = record.get("company")
    if of != INSTALLATION:
        return of == company
    return where == "people.users" or (where == "people.companies" and record.get("_id") == company)


def refuse_unfit(company: str, found: Iterable[Any], replace: bool) -> None:
    """Raises Refused: the company is there and is not to be replaced; its code or a login is somebody else's here."""
    shared, where = Shared(), Collection("", "")
    for record in found:
        if isinstance(record, Collection):
            where = record
        elif isinstance(record, RawBSONDocument) and where.path in SHARED and record["company"] == INSTALLATION:
            shared.append((where.name, bson.decode(record.raw)))

    def work(tx: PeopleSession) -> None:
        if not replace and _exists(tx, company):
            raise Refused("the company is there: --replace puts the backup in its place, and what came since is lost")
        for name, document in shared:
            holder: Any = None
            if name == "companies":
                holder = tx.companies.by_code(document["code"])
            elif name == "users":
                holder = tx.users.by_login(document["login"])
            if holder is not None and holder.id != document["_id"]:
                raise Refused(f"{document.get('code') or document['login']} is somebody else's here")

    acting.transact(INSTALLATION, work)


def settle(company: str, made: str, shared: Shared) -> None:
    """The company and its memberships as the backup says; all that its users are to other companies stays. Announced
    again, with versions that nobody has seen."""
    users = {document["_id"]: document for name, document in shared if name == "users"}

    def work(tx: PeopleSession) -> None:
        for name, document in shared:
            if name == "companies":
                fields = {field: value for field, value in document.items() if field not in ("_id", "company")}
                tx.companies.put(Company(id=document["_id"], **fields))
        for user in _members(tx, company):
            if user.id not in users:
                del user.memberships[company]
                tx.users.save(user)
        for document in users.values():
            _put(tx, company, document)
        tx.audit("company_restored", company, backup=made)

    acting.transact(company, work)
    with_code = acting.transact(INSTALLATION, lambda tx: tx.companies.get(company))
    announce_company(with_code.code)


def _put(tx: PeopleSession, company: str, document: dict[str, Any]) -> None:
    known = {name: value for name, value in document.items() if name not in NO_FIELDS}
    held = document["memberships"][company]
    membership = Membership(held) if isinstance(held, list) else Membership(**held)
    user = tx.users.find(document["_id"]) or User(id=document["_id"], **known)
    if (now := user.memberships.get(company)) is not None:  # as with the user: a version that nobody has seen
        membership.version = max(now.version, membership.version) + 1
    user.memberships[company] = membership
    user.version = max(user.version, document["version"]) + 1
    tx.users.put(user)


def _members(tx: PeopleSession, company: str) -> list[User]:
    found, cursor = list[User](), None
    while True:
        page = tx.users.members(company, 500, cursor)
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def _exists(tx: PeopleSession, company: str) -> bool:
    try:
        tx.companies.get(company)
    except NotFound:
        return False
    return True


def purge_messages(company: str) -> None:
    names = [*written_queues(), UNROUTED]
    with publisher() as sending:
        purge(amqp_uri(), sending, names, lambda body, _: company_of(body) == company)
