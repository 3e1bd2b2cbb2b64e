"""What the views share: their sections' pages with counts, joined as the bytes that the services wrote."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from marshmallow import Schema, fields

from gateway.bus.calls import Call
from services.chassis.errors import Failure, Forbidden
from services.chassis.schemas import page_of

COUNTED = {"counted": True}
EMPTY = b'{"items":[],"next_cursor":null,"count":0,"exact":true}'
# Refusals that mean an empty section: the person, whom people knows, is not replicated yet; the company has no branch
# of production.
NOTHING_THERE = ("person_not_found", "production_not_configured")

Pages = Mapping[str, bytes | Failure]


def section_of(item: type[Schema], name: str, **more: Any) -> fields.Nested:
    """The first page of a section, with its count; null where it is withheld or unavailable."""
    counts = {"count": fields.Integer(), "exact": fields.Boolean()}
    return fields.Nested(type(name, (page_of(item, name),), {**counts, **more}), allow_none=True)


def page_of_call(call: Call | None) -> bytes | Failure:
    """The page of a section with its count, as its service wrote it, or the failure; None was not called, since the
    user may not read it."""
    page = Forbidden("permission_missing", "") if call is None else call.outcome()
    if isinstance(page, Failure):
        return EMPTY if page.code in NOTHING_THERE else page
    return page.body


def with_count(page: Mapping[str, Any]) -> bytes:
    """A page that has all items, with their count."""
    count = {"count": len(page["items"]), "exact": page["next_cursor"] is None}
    return json.dumps({**page, **count}, ensure_ascii=False).encode()


def members(names: Iterable[str], pages: Pages, already_written: Collection[str] = ()) -> list[bytes]:
    """The members of the view's JSON: each section by its name, null without a page; then the lists `unavailable` and
    `withheld`. Sections of `already_written` are left out, but not from those lists."""
    names = [*names]
    shown = {name: page for name, page in pages.items() if isinstance(page, bytes)}
    withheld = [name for name in names if name not in pages or isinstance(pages[name], Forbidden)]
    unavailable = [name for name in names if name not in shown and name not in withheld]
    missing = {"unavailable": unavailable, "withheld": withheld}
    written = [name for name in names if name not in already_written]
    parts = [b'"%s":%s' % (name.encode(), shown.get(name, b"null")) for name in written]
    return [*parts, json.dumps(missing).encode()[1:-1]]
