"""The table of access: sections, permissions with their Portuguese names, built-in roles, scopes, approvals.

Every access decision of the installation starts here (row P9): sign-in turns a user's roles in one company into an
`Access`, which then travels signed. No framework, store or clock may enter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.chassis.access.roles import BUILT_IN_ROLES
from services.chassis.errors import Conflict, Forbidden, Invalid

# A section is a service's part of the product; its permissions are `<section>.<verb>`.
SECTIONS: dict[str, str] = {
    "people": "Pessoas",
    "attendance": "Atendimentos",
    "sales": "Vendas",
    "scheduling": "Agenda",
    "notifications": "Avisos",
}

# Every signed-in user has it, for the user's own account; no role gives or takes it, and no API key has it.
OWN = "people.own"
ADMINISTER = "people.administer"

PERMISSIONS: dict[str, str] = {
    **{f"{section}.read": f"{name}: consultar" for section, name in SECTIONS.items()},
    **{f"{section}.write": f"{name}: cadastrar e alterar" for section, name in SECTIONS.items()},
    **{f"{section}.configure": f"{name}: configurar" for section, name in SECTIONS.items()},
    # Users, roles, keys, companies; the rights of persons over their data.
    "people.administer": "Pessoas: administrar usuários, papéis, chaves, empresa e direitos dos titulares",
    # Exports all personal data of the company as a file.
    "people.export": "Pessoas: exportar o cadastro",
    # Approves what others may not do alone.
    "attendance.supervise": "Atendimentos: aprovar como supervisor",
    "sales.supervise": "Vendas: aprovar como supervisor",
    # The right to write to customers (ADR 0042).
    "attendance.notify_customer": "Atendimentos: salvar e notificar o cliente",
}


def _all_that(*verbs: str) -> tuple[str, ...]:
    return tuple(permission for permission in PERMISSIONS if permission.split(".")[1] in verbs)


# name: (label, permissions)
BUILT_IN: dict[str, tuple[str, tuple[str, ...]]] = {
    "admin": (BUILT_IN_ROLES["admin"], tuple(PERMISSIONS)),
    "manager": (
        BUILT_IN_ROLES["manager"],
        _all_that("read", "write", "configure", "export", "supervise", "notify_customer"),
    ),
    "seller": (BUILT_IN_ROLES["seller"], _all_that("read", "write", "notify_customer")),
    "attendant": (BUILT_IN_ROLES["attendant"], (
        "people.read", "people.write", "attendance.read", "attendance.write", "scheduling.read", "scheduling.write",
        "notifications.read", "notifications.write",
    )),
    "viewer": (BUILT_IN_ROLES["viewer"], _all_that("read")),
}  # fmt: skip

# The kinds of scope: a role is narrowed to the names that it lists of a kind, and not narrowed in other kinds.
SCOPES: dict[str, str] = {
    "section": "Seções da pessoa",
    "category": "Categorias de pessoa",
    "attendance_type": "Tipos de atendimento",
    "flow": "Fluxos",
}

# An API key acts for another system: it neither administers nor approves.
KEY_PERMISSIONS = tuple(p for p in PERMISSIONS if p.split(".")[1] not in ("administer", "supervise"))

Scopes = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Access:
    """Permissions and scopes in one company; a kind that is missing in `scopes` is not narrowed."""

    permissions: frozenset[str] = frozenset()
    scopes: Scopes = field(default_factory=dict)

    @classmethod
    def of(cls, permissions: Iterable[str], scopes: Mapping[str, Iterable[str]] | None = None) -> Access:
        return cls(frozenset(permissions), {kind: tuple(sorted(set(names))) for kind, names in (scopes or {}).items()})

    def union(self, other: Access) -> Access:
        """The access of a user who has both: all permissions; a kind stays narrowed only where both narrow it."""
        both = {kind: (*self.scopes[kind], *other.scopes[kind]) for kind in self.scopes.keys() & other.scopes.keys()}
        return Access.of(self.permissions | other.permissions, both)

    def covers(self, other: Access) -> bool:
        """Whether this access includes everything that `other` allows."""
        within = all(
            kind in other.scopes and set(other.scopes[kind]) <= set(names) for kind, names in self.scopes.items()
        )
        return other.permissions <= self.permissions and within

    def refuse_beyond(self, other: Access) -> None:
        """Nobody gives an access beyond their own; raises Forbidden("grant_exceeds_own")."""
        if not self.covers(other):
            beyond = sorted(other.permissions - self.permissions)
            detail = "Você não pode conceder nem alterar um acesso maior que o seu."
            raise Forbidden("grant_exceeds_own", detail, permissions=beyond)


@dataclass
class Role:
    """A named access. A company's own role has an id and a version; the built-in ones are in the table above."""

    id: str
    name: str
    permissions: tuple[str, ...]
    scopes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    version: int = 0

    @property
    def built_in(self) -> bool:
        return self.id in BUILT_IN

    @property
    def access(self) -> Access:
        return Access.of(self.permissions, self.scopes)


def built_in_roles() -> list[Role]:
    """Their version grows with what is told of them (events.AnnouncedRole): readers keep the newer one."""
    return [Role(key, label, permissions, version=1) for key, (label, permissions) in BUILT_IN.items()]


def access_of(roles: Iterable[Role]) -> Access:
    """The access of a user who holds all these roles; without roles it is empty."""
    access: Access | None = None
    for role in roles:
        access = role.access if access is None else access.union(role.access)
    return access or Access()


def refuse_leaderless(before: Iterable[Access], after: Iterable[Access]) -> None:
    """A company that has an administrator keeps one, and one with all permissions where it has such a one.

    Raises Conflict("administrator_last").
    """
    accesses_before, accesses_after = [*before], [*after]
    for is_enough in (_administers, _gives_all):
        if any(map(is_enough, accesses_before)) and not any(map(is_enough, accesses_after)):
            detail = "A empresa ficaria sem administrador; dê antes o papel de administrador a outro usuário ativo."
            raise Conflict("administrator_last", detail)


def _administers(access: Access) -> bool:
    return ADMINISTER in access.permissions


def _gives_all(access: Access) -> bool:
    return _administers(access) and access.covers(Access.of(PERMISSIONS))


def check_permissions(asked: Iterable[str], known: Iterable[str] = PERMISSIONS) -> tuple[str, ...]:
    """The permissions, each once and sorted; raises Invalid("permission_unknown") for none, or one not in `known`."""
    unique, known = set(asked), set(known)
    if not unique or not unique <= known:
        detail = "Informe ao menos uma permissão, e só permissões conhecidas e permitidas."
        raise Invalid("permission_unknown", detail, fields={"permissions": [detail]})
    return tuple(sorted(unique))


def supervised_by(action: str) -> str:
    """The permission that approves `<section>.<command>`; raises Invalid("action_unknown")."""
    section, _, command = action.partition(".")
    permission = f"{section}.supervise"
    if not command or permission not in PERMISSIONS:
        detail = "Esta ação não é aprovada por supervisor."
        raise Invalid("action_unknown", detail, fields={"action": [detail]})
    return permission
