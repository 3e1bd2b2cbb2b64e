"""Whether a user may see a record: one decision for every service, of the user's scopes and the record's facts alone.

A role is narrowed by kind (services/people/access/model.py, SCOPES); a kind that is not in the scopes narrows nothing.
A fact that is not known here (None) is hidden from who is narrowed by it: a copy that is late shows nothing to them.
Pure: no framework, store or clock may enter.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

SECTION, CATEGORY, ATTENDANCE_TYPE, FLOW = "section", "category", "attendance_type", "flow"


@dataclass(frozen=True)
class AttendanceFacts:
    """What decides about an attendance, and about all that hangs from it.

    `type_id`, `flow_id`: None for an attendance without a type, or in no flow; those two are nobody's to hide.
    `flow_users`: the ids of who may use the flow; None where they are not known.
    """

    type_id: str | None = None
    flow_id: str | None = None
    flow_users: Collection[str] | None = None


@dataclass(frozen=True)
class Sight:
    """What the user with this id sees; `scopes`: by kind, the ids allowed.

    `by_link`: no user, but somebody who proved the secret of a link: what it leads to is theirs to see in any flow.
    """

    user: str
    scopes: Mapping[str, Collection[str]] = field(default_factory=dict)
    by_link: bool = False

    def narrowed(self, *kinds: str) -> bool:
        return any(kind in self.scopes for kind in kinds)

    def allows(self, kind: str, name: str) -> bool:
        return kind not in self.scopes or name in self.scopes[kind]

    def section(self, name: str | None) -> bool:
        """A part of the person's page (services/people/options/model.py); None is no part of it."""
        return name is None or self.allows(SECTION, name)

    def person(self, categories: Collection[str] | None) -> bool:
        """One allowed category is enough."""
        return not self.narrowed(CATEGORY) or any(self.allows(CATEGORY, one) for one in categories or ())

    def attendance(self, facts: AttendanceFacts | None) -> bool:
        """A flow is seen by its users only, narrowed or not. `facts` None: the attendance is not known here (yet)."""
        if facts is None:
            return not self.narrowed(ATTENDANCE_TYPE, FLOW)
        return self._type(facts.type_id) and self._flow(facts.flow_id, facts.flow_users)

    def _type(self, type_id: str | None) -> bool:
        return type_id is None or self.allows(ATTENDANCE_TYPE, type_id)

    def _flow(self, flow_id: str | None, users: Collection[str] | None) -> bool:
        return flow_id is None or self.by_link or (self.user in (users or ()) and self.allows(FLOW, flow_id))


def joined(narrowings: Sequence[Mapping[str, Collection[str]]]) -> dict[str, tuple[str, ...]]:
    """The scopes of somebody with several roles: a kind stays narrowed only where each of them narrows it."""
    kinds = set.intersection(*(set(one) for one in narrowings)) if narrowings else set()
    return {kind: tuple(sorted({name for one in narrowings for name in one[kind]})) for kind in sorted(kinds)}
