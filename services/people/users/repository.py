"""Users of the installation in the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from pymongo.errors import DuplicateKeyError

from services.chassis.errors import Conflict, NotFound
from services.chassis.pages import beyond, cursor_of, read_cursor, word
from services.chassis.storage.changes import LAST_CHANGE, changed, next_change
from services.chassis.storage.derived_fields import Derived
from services.chassis.storage.expected_version import ExpectedVersion
from services.chassis.storage.indexes import Index
from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.chassis.texts import fold_name
from services.people.users.model import Membership, User

# The users that are read at once when all of a role are wanted.
USERS_PAGE = 500
# The folded name, for sorting and searching.
NAME_KEY = "name_key"
DERIVED = Derived("users", NAME_KEY, "name", fold_name)
# Sorts after every letter.
LAST = "\uffff"
INDEXES = (
    Index("users", [("login", 1)], unique=True),
    # finds members by company, by role and by linked person: see _finders
    Index("users", [("finders", 1), ("login", 1)]),
    Index("users", [("finders", 1), (NAME_KEY, 1), ("_id", 1)]),
)


class Users:
    """Users of the whole installation; a company sees its members only.

    `expected`: the version of a member that the command's caller saw; `signature`: who changes members, and when.
    """

    def __init__(
        self,
        documents: TenantCollection,
        expected: ExpectedVersion | None = None,
        signature: Mapping[str, Any] | None = None,
    ) -> None:
        self._documents, self._expected, self._signature = documents, expected, signature
        # By user, what each company saw of them when they were read.
        self._seen: dict[str, dict[str, Document]] = {}

    def by_login(self, login: str) -> User | None:
        return self._read(self._documents.find_one({"login": login}))

    def find(self, user_id: str) -> User | None:
        return self._read(self._documents.find_one({"_id": user_id}))

    def get(self, user_id: str) -> User:
        """Raises NotFound("user_not_found")."""
        found = self.find(user_id)
        if found is None:
            raise _not_found()
        return found

    def member(self, user_id: str, company_id: str) -> User:
        """The user, who must be a member of the company, in the version that the caller expects; raises
        NotFound("user_not_found"), Conflict("version_changed")."""
        user = self.get(user_id)
        if company_id not in user.memberships:
            raise _not_found()
        if self._expected is not None:
            last_change = user.memberships[company_id].last_change
            self._expected.compare({"_id": user.id, **user.seen_by(company_id), LAST_CHANGE: last_change})
        return user

    def members(self, company_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        """A page of the company's members, by login."""
        where: Document = {"finders": _of_company(company_id)}
        if cursor is not None:
            where["login"] = {"$gt": read_cursor(cursor, word)[0]}
        users = [_user(document) for document in self._documents.find(where, [("login", 1)], limit + 1)]
        following = cursor_of(users[limit - 1].login) if len(users) > limit else None
        return {"items": users[:limit], "next_cursor": following}

    def colleagues(self, company_id: str, q: str, limit: int, cursor: str | None) -> dict[str, Any]:
        """A page of the company's members whose name begins with `q`, by name."""
        start = fold_name(q)
        where: Document = {"finders": _of_company(company_id)}
        if start:
            where[NAME_KEY] = {"$gte": start, "$lt": start + LAST}
        if cursor is not None:
            where |= beyond(NAME_KEY, *read_cursor(cursor, word, word), descending=False)
        found = self._documents.find(where, [(NAME_KEY, 1), ("_id", 1)], limit + 1)
        following = cursor_of(found[limit - 1][NAME_KEY], found[limit - 1]["_id"]) if len(found) > limit else None
        return {"items": [_user(document) for document in found[:limit]], "next_cursor": following}

    def with_role(self, company_id: str, role_id: str) -> User | None:
        found = self._documents.find_one({"finders": _of_role(company_id, role_id)})
        return _user(found) if found else None

    def with_roles(self, company_id: str, role_ids: Iterable[str]) -> list[User]:
        """All members with one of these roles, active or not; each once."""
        users = (user for role_id in role_ids for user in self._found_by(_of_role(company_id, role_id)))
        return [*{user.id: user for user in users}.values()]

    def _found_by(self, finder: str) -> Iterator[User]:
        """Everybody with this finder, in the order of logins."""
        where: Document = {"finders": finder}
        while users := [_user(document) for document in self._documents.find(where, [("login", 1)], USERS_PAGE)]:
            yield from users
            where = {"finders": finder, "login": {"$gt": users[-1].login}}

    def of_person(self, company_id: str, person_id: str) -> User | None:
        found = self._documents.find_one({"finders": _of_person(company_id, person_id)})
        return _user(found) if found else None

    def add(self, user: User) -> None:
        """Raises Conflict("user_exists")."""
        try:
            self._documents.insert(_document(user))
        except DuplicateKeyError as error:
            raise Conflict("user_exists", "Este login já está em uso.") from error

    def save(self, user: User) -> None:
        user.version += 1
        self._renew_memberships(user)
        self._documents.replace(_document(user))

    def put(self, user: User) -> None:
        self._renew_memberships(user)
        self._documents.put(_document(user))

    def _read(self, found: Document | None) -> User | None:
        if found is None:
            return None
        user = _user(found)
        self._seen[user.id] = {company_id: user.seen_by(company_id) for company_id in user.memberships}
        return user

    def _renew_memberships(self, user: User) -> None:
        """The next version of each membership that is not as it was read: who changed it, and which fields."""
        seen = self._seen.get(user.id, {})
        for company_id, held in user.memberships.items():
            was, fields = seen.get(company_id), user.seen_by(company_id)
            names = changed(was, fields) if was is not None else []
            if was is None or not names:
                continue
            held.version = max(held.version, was["version"] + 1)
            if self._signature is not None:
                before = {**was, LAST_CHANGE: held.last_change}
                held.last_change = next_change(before, names, held.version, self._signature)
            seen[company_id] = user.seen_by(company_id)


def _not_found() -> NotFound:
    return NotFound("user_not_found", "Usuário não encontrado.")


def _of_company(company_id: str) -> str:
    return f"company:{company_id}"


def _of_role(company_id: str, role_id: str) -> str:
    return f"role:{company_id}:{role_id}"


def _of_person(company_id: str, person_id: str) -> str:
    return f"person:{company_id}:{person_id}"


def _finders(user: User) -> list[str]:
    finders = []
    for company_id, membership in user.memberships.items():
        finders += [_of_company(company_id), *(_of_role(company_id, role) for role in membership.roles)]
        if membership.person_id:
            finders.append(_of_person(company_id, membership.person_id))
    return finders


def _document(user: User) -> Document:
    document = asdict(user)
    return {"_id": document.pop("id"), **document, "finders": _finders(user), NAME_KEY: fold_name(user.name)}


def _user(found: Document) -> User:
    memberships = {company_id: _membership(held) for company_id, held in found["memberships"].items()}
    return as_record(found, User, memberships=memberships)


def _membership(held: Any) -> Membership:
    """A stored membership; an old one is only the list of its roles."""
    return Membership(held) if isinstance(held, list) else as_record(held, Membership)
