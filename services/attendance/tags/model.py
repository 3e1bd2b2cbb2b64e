"""The tags of a flow, their order, and the lock of who is ordering them (row A6). No framework, store or clock.

`TODOS` is on every board, first, and is no record: it cannot be changed, moved or deleted. A deleted tag leaves the
board at once; attendances that bore it bear an id that nobody resolves, and lose it when they are next tagged.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from services.chassis.errors import Conflict, Invalid, NotFound
from services.chassis.texts import fold_name

TODOS = "todos"
MAX_TAGS = 100
ORDERING_SECONDS = 120


@dataclass(frozen=True)
class Tag:
    """`colour` is #rrggbb."""

    id: str
    name: str
    colour: str


ALL = Tag(TODOS, "TODOS", "#808080")


@dataclass(frozen=True)
class Ordering:
    """Who is ordering, and until when if they say nothing more."""

    by: str
    by_name: str
    until: dt.datetime


@dataclass
class Board:
    """A flow's own tags in their order; `TODOS` comes before them and is not kept."""

    tags: list[Tag] = field(default_factory=list)
    ordering: Ordering | None = None

    def shown(self) -> list[Tag]:
        return [ALL, *self.tags]

    def get(self, tag_id: str) -> Tag:
        """Raises NotFound("tag_not_found")."""
        found = next((tag for tag in self.shown() if tag.id == tag_id), None)
        if found is None:
            raise NotFound("tag_not_found", "Tag não encontrada neste fluxo.")
        return found

    def named(self, name: str) -> Tag | None:
        return next((tag for tag in self.tags if fold_name(tag.name) == fold_name(name)), None)

    def add(self, tag: Tag) -> Tag:
        """Last in the order; raises Conflict("tag_reserved", "tag_exists" or "tag_limit_reached")."""
        self._check_name(tag)
        if len(self.tags) >= MAX_TAGS:
            raise Conflict("tag_limit_reached", f"Um fluxo tem no máximo {MAX_TAGS} tags.")
        self.tags = [*self.tags, tag]
        return tag

    def change(self, tag_id: str, name: str | None, colour: str | None) -> Tag:
        """Raises Conflict("tag_fixed", "tag_reserved" or "tag_exists")."""
        before = self._own(tag_id)
        after = Tag(tag_id, name or before.name, colour or before.colour)
        self._check_name(after)
        self.tags = [after if tag.id == tag_id else tag for tag in self.tags]
        return after

    def delete(self, tag_id: str) -> None:
        """Raises Conflict("tag_fixed")."""
        gone = self._own(tag_id)
        self.tags = [tag for tag in self.tags if tag is not gone]

    def take(self, user: str, name: str, now: dt.datetime) -> Ordering:
        """The lock, also for its owner again; raises Conflict("ordering_taken") while it is another's."""
        if self.ordering is not None and self.ordering.by != user and self.is_ordering(now):
            raise _ordering_taken(self.ordering)
        self.ordering = Ordering(user, name, now + dt.timedelta(seconds=ORDERING_SECONDS))
        return self.ordering

    def renew(self, user: str, name: str, now: dt.datetime) -> Ordering:
        """Raises Conflict("ordering_not_held"): never taken, expired, or another's."""
        self._require_held(user, now)
        return self.take(user, name, now)

    def release(self, user: str, now: dt.datetime) -> None:
        """Raises Conflict("ordering_taken") for another's; released twice or too late, nothing happens."""
        if self.ordering is not None and self.ordering.by != user and self.is_ordering(now):
            raise _ordering_taken(self.ordering)
        self.ordering = None

    def order(self, tag_ids: Sequence[str], user: str, now: dt.datetime) -> None:
        """All tags in a new order, by who holds the lock; `TODOS`, wherever it is named, stays first.

        Raises Conflict("ordering_not_held") or Invalid("order_incomplete").
        """
        self._require_held(user, now)
        asked = [tag_id for tag_id in tag_ids if tag_id != TODOS]
        if sorted(asked) != sorted(tag.id for tag in self.tags):
            detail = "A nova ordem deve ter cada tag do fluxo uma única vez."
            raise Invalid("order_incomplete", detail, fields={"tag_ids": [detail]})
        self.tags = [self.get(tag_id) for tag_id in asked]

    def is_ordering(self, now: dt.datetime) -> bool:
        return self.ordering is not None and now < self.ordering.until

    def linkable(self, tag_ids: Iterable[str], now: dt.datetime) -> list[Tag]:
        """The tags to link; raises Conflict("tags_being_ordered"), NotFound or Conflict("tag_fixed")."""
        if self.ordering is not None and self.is_ordering(now):
            detail = f"{self.ordering.by_name} está ordenando as tags; aguarde o fim da ordenação."
            raise Conflict("tags_being_ordered", detail, by=self.ordering.by_name)
        return [self._own(tag_id) for tag_id in dict.fromkeys(tag_ids)]

    def living(self, tag_ids: Iterable[str]) -> list[Tag]:
        """Of the tags that an attendance bears, those that still are, in the order of the board."""
        borne = set(tag_ids)
        return [tag for tag in self.tags if tag.id in borne]

    def _own(self, tag_id: str) -> Tag:
        if tag_id == TODOS:
            raise Conflict("tag_fixed", "A tag TODOS é fixa: não pode ser alterada, movida, vinculada nem excluída.")
        return self.get(tag_id)

    def _check_name(self, tag: Tag) -> None:
        if fold_name(tag.name) == TODOS:
            raise Conflict("tag_reserved", "O nome TODOS é da tag fixa do fluxo.")
        same = self.named(tag.name)
        if same is not None and same.id != tag.id:
            raise Conflict("tag_exists", f"O fluxo já tem a tag {same.name}.", tag_id=same.id)

    def _require_held(self, user: str, now: dt.datetime) -> None:
        if self.ordering is None or self.ordering.by != user or not self.is_ordering(now):
            raise Conflict("ordering_not_held", "Você não está ordenando as tags deste fluxo, ou o seu tempo acabou.")


def _ordering_taken(ordering: Ordering) -> Conflict:
    return Conflict("ordering_taken", f"{ordering.by_name} está ordenando as tags.", by=ordering.by_name)
