"""The list of a flow (row A13): sorted by any column, filtered by a tag, searched; and neighbours in it (row A14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.attendance.attendances.listing import ANY, sort_of, tag_key, wanted_keys
from services.attendance.attendances.model.attendance import Attendance
from services.attendance.attendances.repository import attendance_of
from services.chassis.errors import Invalid
from services.chassis.pages import Kind, beyond, cursor_of, read_cursor, word
from services.chassis.storage.rows import Document, Fields
from services.chassis.storage.tenant import TenantCollection

# A search with more results than this can only be sorted by the last update.
SEARCH_LIMIT = 500


@dataclass(frozen=True)
class View:
    """A view of a flow: `sort` is a column, with "-" before it when descending; `tag_id` None shows all tags."""

    flow_id: str
    filed: str
    sort: str
    tag_id: str | None = None
    q: str = ""

    @property
    def column(self) -> str:
        return self.sort.removeprefix("-")

    @property
    def descending(self) -> bool:
        return self.sort.startswith("-")

    @property
    def field(self) -> str:
        return sort_of(self.column)[0]

    @property
    def kind(self) -> Kind:
        """The type of the column's values in a cursor."""
        return sort_of(self.column)[1]

    @property
    def keys(self) -> list[str]:
        return wanted_keys(self.q)

    @property
    def where(self) -> Document:
        """The equality filters, which are the first fields of an index."""
        where: Document = {"flow_id": self.flow_id, "filed": self.filed}
        if not self.keys:
            return {**where, "labels": self.tag_id or ANY}
        keys = [*self.keys, *([tag_key(self.tag_id)] if self.tag_id else [])]
        return {**where, "keys": {"$all": keys} if len(keys) > 1 else keys[0]}

    @property
    def in_memory(self) -> bool:
        """Whether results are sorted here: the index of searches is in the order of the last update only."""
        return bool(self.keys) and self.column != "updated_at"

    def place_of(self, row: Document) -> str:
        """The cursor of what comes after the row."""
        return cursor_of(self.sort, row[self.field], row["_id"])

    def order(self, descending: bool) -> list[tuple[str, int]]:
        direction = -1 if descending else 1
        return [(self.field, direction), ("_id", direction)]


class FlowLists:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def page(self, view: View, limit: int, cursor: str | None) -> dict[str, Any]:
        """Raises Invalid("cursor_invalid", "sort_unknown" or "search_too_broad")."""
        found, following = self.rows(view, limit, cursor)
        return {"items": [attendance_of(document) for document in found], "next_cursor": following}

    def rows(
        self, view: View, limit: int, cursor: str | None, fields: Fields = None
    ) -> tuple[list[Document], str | None]:
        """The documents of a page, with all fields or `fields`, and the next page's cursor; raises as `page`."""
        place = None
        if cursor is not None:
            sort, value, record_id = read_cursor(cursor, word, view.kind, word)
            if sort != view.sort:
                raise Invalid("cursor_invalid", "O cursor da página é de outra ordem.")
            place = (value, record_id)
        found = self._after(view, place, view.descending, limit + 1, fields)
        return found[:limit], view.place_of(found[limit - 1]) if len(found) > limit else None

    def neighbours(self, view: View, attendance: Attendance) -> tuple[str | None, str | None]:
        """The ids before and after the attendance in the order of the view, which need not contain it."""
        own = self._documents.find_one({"_id": attendance.id}) or {}
        place = (own[view.field], attendance.id)
        before = self._after(view, place, not view.descending, 1)
        after = self._after(view, place, view.descending, 1)
        return (before[0]["_id"] if before else None), (after[0]["_id"] if after else None)

    def _after(
        self, view: View, place: tuple[Any, str] | None, descending: bool, limit: int, fields: Fields = None
    ) -> list[Document]:
        if view.in_memory:
            return self._sorted(view, place, descending)[:limit]
        after_place = beyond(view.field, *place, descending=descending) if place else {}
        return self._documents.visible.find({**view.where, **after_place}, view.order(descending), limit, fields)

    def _sorted(self, view: View, place: tuple[Any, str] | None, descending: bool) -> list[Document]:
        found = self._documents.visible.find(view.where, [("updated_at", -1), ("_id", -1)], SEARCH_LIMIT + 1)
        if len(found) > SEARCH_LIMIT:
            detail = f"A busca encontrou mais de {SEARCH_LIMIT}: refine-a, ou ordene pela última atualização."
            raise Invalid("search_too_broad", detail, fields={"sort": [detail]})
        ordered = sorted(found, key=lambda row: (row[view.field], row["_id"]), reverse=descending)
        if place is None:
            return ordered
        return [row for row in ordered if _is_beyond((row[view.field], row["_id"]), place, descending)]


def _is_beyond(own: tuple[Any, str], place: tuple[Any, str], descending: bool) -> bool:
    return own < place if descending else own > place
