"""Attendance types (row A4): a tree of groups (sintético) and leaves (analítico). Pure: no store, no clock.

A node inherits what it leaves open from its nearest ancestor that sets it; only groups set workflow and cycle.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from services.attendance.types.model.texts import check_variables
from services.chassis.errors import Conflict, Invalid, NotFound

GROUP, LEAF = "group", "leaf"
TYPE_KINDS = (GROUP, LEAF)
CRITICAL = ("none", "include", "exclude")
PRIORITIES = ("low", "normal", "high", "urgent")
MAX_ATTACHMENT = 10 * 1024 * 1024
MAX_DEPTH = 8
INHERITED = ("priority", "days_to_next_contact", "colour", "workflow_id", "cycle_id")


@dataclass(frozen=True)
class StandardText:
    """`use`: for entries (parecer padrão) or for e-mails (envio de e-mail)."""

    id: str
    name: str
    text: str
    use: str = "entry"


@dataclass
class Type:
    """`attachment_limit` in bytes; `critical`: include in or exclude from the critical factors (row A18), or none."""

    id: str
    kind: str
    name: str
    parent_id: str | None = None
    priority: str | None = None
    days_to_next_contact: int | None = None
    colour: str | None = None
    workflow_id: str | None = None
    cycle_id: str | None = None
    billing_workflow_id: str | None = None
    attachments_allowed: bool = False
    attachment_limit: int = MAX_ATTACHMENT
    standard_texts: tuple[StandardText, ...] = ()
    critical: str = "none"
    active: bool = True
    version: int = 1

    @classmethod
    def of(cls, data: dict[str, Any]) -> Type:
        """Raises Invalid("type_invalid" or "variable_unknown")."""
        new = cls(**{**data, "standard_texts": _texts(data.get("standard_texts") or ())})
        new._check()
        return new

    def _check(self) -> None:
        if self.kind == LEAF and (self.workflow_id or self.cycle_id):
            raise _invalid("workflow_id", "Workflow e ciclo são informados no tipo sintético (grupo) e herdados.")
        if self.kind == GROUP and self.billing_workflow_id:
            raise _invalid("billing_workflow_id", "O workflow de cobrança é informado no tipo analítico.")
        if len({text.id for text in self.standard_texts}) < len(self.standard_texts):
            raise _invalid("standard_texts", "Há textos padrão com o mesmo identificador.")
        for text in self.standard_texts:
            check_variables(text.text, "standard_texts")

    def next_contact(self, today: dt.date) -> dt.date | None:
        """The day of the next contact, in calendar days from `today`; None where the type sets no number of days."""
        days = self.days_to_next_contact
        return None if days is None else today + dt.timedelta(days=days)

    def standard_text(self, text_id: str, use: str = "entry") -> StandardText:
        """Raises NotFound("standard_text_not_found")."""
        found = next((text for text in self.standard_texts if text.id == text_id and text.use == use), None)
        if found is None:
            raise NotFound("standard_text_not_found", f"O tipo {self.name} não tem o texto padrão “{text_id}”.")
        return found


class Tree:
    """All types of a company, with what they inherit."""

    def __init__(self, types: Iterable[Type]) -> None:
        self._types = {one.id: one for one in types}

    def get(self, type_id: str) -> Type:
        """Raises NotFound("type_not_found")."""
        if type_id not in self._types:
            raise NotFound("type_not_found", "Tipo de atendimento não encontrado.")
        return self._types[type_id]

    def lineage(self, type_id: str | None) -> list[Type]:
        """The node, its parent and so on up to the root, up to a circle; empty for a type that does not exist."""
        nodes: dict[str, Type] = {}
        node = self._types.get(type_id or "")
        while node is not None and node.id not in nodes:
            nodes[node.id] = node
            node = self._types.get(node.parent_id or "")
        return [*nodes.values()]

    def is_active(self, type_id: str) -> bool:
        """Whether the type and all groups above it are active: only then attendances are opened with it."""
        return type_id in self._types and all(node.active for node in self.lineage(type_id))

    def effective_or_none(self, type_id: str | None) -> Type | None:
        """The type with inherited values; None without a type, or if it was deleted."""
        one = self._types.get(type_id or "")
        return self.effective(one) if one else None

    def effective(self, one: Type) -> Type:
        """The type with inherited values filled in."""
        nodes = [one, *self.lineage(one.parent_id)]
        values = {field.name: getattr(one, field.name) for field in fields(Type)}
        for name in INHERITED:
            values[name] = next((value for node in nodes if (value := getattr(node, name)) is not None), None)
        return Type(**values)

    def to_open(self, type_id: str) -> Type:
        """The leaf for a new attendance, with inherited values.

        Raises NotFound("type_not_found"), Conflict("type_is_group", or "type_inactive", also for a group above it).
        """
        leaf = self.get(type_id)
        if leaf.kind == GROUP:
            raise Conflict("type_is_group", f"{leaf.name} é um grupo; escolha um tipo analítico.")
        if not self.is_active(type_id):
            raise Conflict("type_inactive", f"O tipo {leaf.name} está inativo.")
        return self.effective(leaf)

    def place(self, one: Type) -> None:
        """Adds or changes a node; raises Invalid("type_parent_invalid") or Conflict("type_kind_fixed")."""
        before = self._types.get(one.id)
        if before is not None and before.kind != one.kind:
            raise Conflict("type_kind_fixed", "Um grupo não vira tipo analítico, nem o contrário.")
        if one.parent_id is not None:
            self._check_parent(one, self._types.get(one.parent_id))
        self._types[one.id] = one
        if any(len(self.lineage(type_id)) > MAX_DEPTH for type_id in self._types):
            raise _bad_parent(f"A árvore de tipos tem no máximo {MAX_DEPTH} níveis.")

    def _check_parent(self, one: Type, parent: Type | None) -> None:
        if parent is None:
            raise _bad_parent(f"O grupo “{one.parent_id}” não existe.")
        if parent.kind != GROUP:
            raise _bad_parent(f"{parent.name} é um tipo analítico e não contém outros.")
        if one.id in {node.id for node in self.lineage(parent.id)}:
            raise _bad_parent(f"“{one.name}” ficaria dentro de si mesmo.")

    def remove(self, type_id: str) -> None:
        """Raises Conflict("type_has_children")."""
        found = self.get(type_id)
        if any(node.parent_id == type_id for node in self._types.values()):
            raise Conflict("type_has_children", f"{found.name} contém outros tipos.")
        del self._types[type_id]


def _texts(data: Iterable[Any]) -> tuple[StandardText, ...]:
    return tuple(text if isinstance(text, StandardText) else StandardText(**text) for text in data)


def _invalid(field: str, detail: str) -> Invalid:
    return Invalid("type_invalid", detail, fields={field: [detail]})


def _bad_parent(detail: str) -> Invalid:
    return Invalid("type_parent_invalid", detail, fields={"parent_id": [detail]})
