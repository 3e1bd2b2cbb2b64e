"""The tags of a flow, their order, and the lock of the user who is ordering them (row A6).

`TODOS` is the first tag of every board and is not stored: it cannot be changed, moved or deleted. Deleting a tag
removes it from the board only; attendances keep its id, which is never shown, until a user next changes them.

Pure: no framework, store or clock.
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
    """The lock of a user who is ordering tags; it expires at `until` (UTC) unless it is renewed."""

    by: str
    by_name: str
    until: dt.datetime


@dataclass
class Board:
    """A flow's own tags in their order, and the lock; `TODOS` comes before them and is not stored."""

    tags: list[Tag] = field(default_factory=list)
    ordering: Ordering | None = None

    def all_tags(self) -> list[Tag]:
        return [ALL, *self.tags]

    def get(self, tag_id: str) -> Tag:
        """Raises NotFound("tag_not_found")."""
        found = next((tag for tag in self.all_tags() if tag.id == tag_id), None)
        if found is None:
            raise NotFound("tag_not_found", "Tag não encontrada neste fluxo.")
        return found

    def named(self, name: str) -> Tag | None:
        return next((tag for tag in self.tags if fold_name(tag.name) == fold_name(name)), None)

    def add(self, tag: Tag) -> Tag:
        """Adds the tag last in the order; raises Conflict("tag_reserved", "tag_exists" or "tag_limit_reached")."""
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
        """Takes the lock, also if the user holds it; raises Conflict("ordering_taken") while another user holds it."""
        if self.ordering is not None and self.ordering.by != user and self.is_ordering(now):
            raise _ordering_taken(self.ordering)
        self.ordering = Ordering(user, name, now + dt.timedelta(seconds=ORDERING_SECONDS))
        return self.ordering

    def renew(self, user: str, name: str, now: dt.datetime) -> Ordering:
        """Extends the lock; raises Conflict("ordering_not_held") if it is not taken, expired, or another user's."""
        self._require_held(user, now)
        return self.take(user, name, now)

    def release(self, user: str, now: dt.datetime) -> None:
        """Gives up the lock, if anybody holds it; raises Conflict("ordering_taken") if another user does."""
        if self.ordering is not None and self.ordering.by != user and self.is_ordering(now):
            raise _ordering_taken(self.ordering)
        self.ordering = None

    def order(self, tag_ids: Sequence[str], user: str, now: dt.datetime) -> None:
        """Sets a new order of all tags; the user must hold the lock. `TODOS` may be named anywhere and stays first.

        Raises Conflict("ordering_not_held") or Invalid("order_incomplete").
        """
        self._require_held(user, now)
        own_ids = [tag_id for tag_id in tag_ids if tag_id != TODOS]
        if sorted(own_ids) != sorted(tag.id for tag in self.tags):
            detail = "A nova ordem deve ter cada tag do fluxo uma única vez."
            raise Invalid("order_incomplete", detail, fields={"tag_ids": [detail]})
        self.tags = [self.get(tag_id) for tag_id in own_ids]

    def is_ordering(self, now: dt.datetime) -> bool:
        return self.ordering is not None and now < self.ordering.until

    def linkable(self, tag_ids: Iterable[str], now: dt.datetime) -> list[Tag]:
        """The tags to link or unlink, each once.

        Raises Conflict("tags_being_ordered" or "tag_fixed"), NotFound("tag_not_found").
        """
        if self.ordering is not None and self.is_ordering(now):
            detail = f"{self.ordering.by_name} está ordenando as tags; aguarde o fim da ordenação."
            raise Conflict("tags_being_ordered", detail, by=self.ordering.by_name)
        return [self._own(tag_id) for tag_id in dict.fromkeys(tag_ids)]

    def living(self, tag_ids: Iterable[str]) -> list[Tag]:
        """The tags among `tag_ids` that are not deleted, in the order of the board."""
        wanted = set(tag_ids)
        return [tag for tag in self.tags if tag.id in wanted]

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
