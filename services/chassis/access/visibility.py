"""Whether a user may see a record, decided for all services by the user's scopes and the record's facts alone.

A role is narrowed by kind (services/people/access/model.py, SCOPES); a kind that is not in the scopes narrows nothing.
Where a fact is not known here (None), a role narrowed by its kind does not see the record: a late replica shows too
little, and never too much. Pure: no framework, store or clock may enter.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

SECTION, CATEGORY, ATTENDANCE_TYPE, FLOW = "section", "category", "attendance_type", "flow"


@dataclass(frozen=True)
class AttendanceFacts:
    """The facts that decide who sees an attendance and the records that belong to it.

    `type_id`, `flow_id`: None for an attendance without a type, or outside of flows: then neither hides it.
    `flow_users`: the ids of the flow's users; None where they are not known.
    """

    type_id: str | None = None
    flow_id: str | None = None
    flow_users: Collection[str] | None = None


@dataclass(frozen=True)
class Sight:
    """What the user with the id `user` sees; `scopes`: by kind, the ids allowed.

    `by_link`: not a user, but somebody who opened a link with its secret: flows hide nothing from them.
    """

    user: str
    scopes: Mapping[str, Collection[str]] = field(default_factory=dict)
    by_link: bool = False

    def narrowed(self, *kinds: str) -> bool:
        return any(kind in self.scopes for kind in kinds)

    def allows(self, kind: str, name: str) -> bool:
        return kind not in self.scopes or name in self.scopes[kind]

    def section(self, name: str | None) -> bool:
        """Whether the user sees a section of a person's page (services/people/options/model.py); None is no section."""
        return name is None or self.allows(SECTION, name)

    def person(self, categories: Collection[str] | None) -> bool:
        """Whether the user sees a person of these categories: one allowed category is enough."""
        return not self.narrowed(CATEGORY) or any(self.allows(CATEGORY, one) for one in categories or ())

    def attendance(self, facts: AttendanceFacts | None) -> bool:
        """Only its users see a flow, whatever their role. `facts` is None for an attendance not replicated yet."""
        if facts is None:
            return not self.narrowed(ATTENDANCE_TYPE, FLOW)
        return self._type(facts.type_id) and self._flow(facts.flow_id, facts.flow_users)

    def _type(self, type_id: str | None) -> bool:
        return type_id is None or self.allows(ATTENDANCE_TYPE, type_id)

    def _flow(self, flow_id: str | None, users: Collection[str] | None) -> bool:
        return flow_id is None or self.by_link or (self.user in (users or ()) and self.allows(FLOW, flow_id))


def merge_scopes(roles: Sequence[Mapping[str, Collection[str]]]) -> dict[str, tuple[str, ...]]:
    """The scopes of a user with several roles: a kind stays narrowed only where each role narrows it."""
    kinds = set.intersection(*map(set, roles)) if roles else set()
    return {kind: tuple(sorted({name for scopes in roles for name in scopes[kind]})) for kind in sorted(kinds)}
