"""The users who sign in to the installation's companies (row P9).

No framework, store or clock may enter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from services.chassis.errors import Conflict, Forbidden, Invalid

# The categories of persons that a user may be linked to (row P9).
LINKABLE_CATEGORIES = frozenset({"employee", "representative"})


@dataclass
class Membership:
    """A user in one company: the roles held there, and the own person, if linked.

    `version` is the one that the company's administrators compare (If-Match), and `last_change` says who wrote it. It
    grows with what they see and set: name, roles, person, active. It does not grow with the user's own version: a
    password, its hash renewed by a sign-in and another company's membership are nothing that an administrator's edit
    could undo, and a company must not learn what another one did, or who did it.
    """

    roles: list[str]
    person_id: str | None = None
    active: bool = True
    version: int = 1
    last_change: dict[str, Any] | None = None


@dataclass
class User:
    """Somebody who signs in, with one login and password for all companies; `memberships` is by company id.

    `epoch` grows when every session of the user must end.
    """

    id: str
    login: str
    name: str
    password_hash: str
    memberships: dict[str, Membership] = field(default_factory=dict)
    epoch: int = 1
    version: int = 1
    # Digest of the hash that a rehash replaced, for a sign-in that verified the old hash at the same moment.
    renewed_from: str | None = None

    def seen_by(self, company_id: str) -> dict[str, Any]:
        """What the company's administrators see of the user and set, and its version."""
        held = self.memberships[company_id]
        seen = {"name": self.name, "roles": [*held.roles], "person_id": held.person_id, "active": held.active}
        return {**seen, "version": held.version}

    @property
    def shared(self) -> bool:
        """Whether the user belongs to several companies: then none of them may change the name or password."""
        return len(self.memberships) > 1

    def active_in(self, company_id: str) -> Membership | None:
        membership = self.memberships.get(company_id)
        return membership if membership is not None and membership.active else None

    def choose_company(self, company_id: str | None, asked: bool) -> tuple[str, Membership]:
        """The company to sign in to, and the membership: of `company_id` if `asked`, else of the only company.

        Raises Forbidden("membership_missing") or Invalid("company_required").
        """
        active = {id_: membership for id_, membership in self.memberships.items() if membership.active}
        if not asked and len(active) > 1:
            detail = "Informe a empresa em que deseja entrar."
            raise Invalid("company_required", detail, fields={"company": [detail]})
        chosen = company_id if asked else next(iter(active), None)
        if chosen is None or chosen not in active:
            raise Forbidden("membership_missing", "Você não tem acesso a esta empresa.")
        return chosen, active[chosen]

    def join(self, company_id: str, roles: list[str], person_id: str | None) -> None:
        """Raises Conflict("membership_exists")."""
        if company_id in self.memberships:
            raise Conflict("membership_exists", "Este usuário já pertence à empresa.")
        self.memberships[company_id] = Membership(roles, person_id)

    def rename(self, name: str) -> None:
        """Raises Forbidden("user_shared")."""
        self._refuse_shared()
        self.name = name

    def set_password(self, password_hash: str) -> None:
        """Sets a new password; every session of the user ends."""
        self.password_hash, self.renewed_from = password_hash, None
        self.epoch += 1

    def renew_hash(self, password_hash: str) -> None:
        """Replaces the hash by one of the same password with other parameters; no session ends."""
        self.password_hash, self.renewed_from = password_hash, _digest(self.password_hash)

    def is_proven_by(self, password_hash: str) -> bool:
        """Whether a password verified against this hash is the user's current one."""
        return password_hash == self.password_hash or _digest(password_hash) == self.renewed_from

    def reset_password(self, password_hash: str) -> None:
        """Sets a new password for an administrator; raises Forbidden("user_shared")."""
        self._refuse_shared()
        self.set_password(password_hash)

    def _refuse_shared(self) -> None:
        if self.shared:
            detail = "Este usuário pertence também a outra empresa; só ele mesmo ou o operador pode alterar isto."
            raise Forbidden("user_shared", detail)


def _digest(password_hash: str) -> str:
    return hashlib.sha256(password_hash.encode()).hexdigest()


def refuse_self(user: User, actor_id: str) -> None:
    """So that a company always keeps an administrator; raises Conflict("user_is_self")."""
    if user.id == actor_id:
        raise Conflict("user_is_self", "Você não pode alterar o próprio acesso; peça a outro administrador.")


def refuse_unlinkable(categories: Iterable[str]) -> None:
    """Raises Conflict("person_not_linkable")."""
    if not LINKABLE_CATEGORIES & set(categories):
        detail = "Só uma pessoa que é funcionário ou representante pode ser ligada a um usuário."
        raise Conflict("person_not_linkable", detail)
