"""What the views share: a section's page with its count, put together as the services wrote it."""

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
# People knows the person, and the others may not have heard yet; a company may have no branch of production.
NOTHING_THERE = ("person_not_found", "production_not_configured")

Pages = Mapping[str, bytes | Failure]


def section_of(item: type[Schema], name: str, **more: Any) -> fields.Nested:
    """The first page of a section, with its count; null where it is withheld or unavailable."""
    counts = {"count": fields.Integer(), "exact": fields.Boolean()}
    return fields.Nested(type(name, (page_of(item, name),), {**counts, **more}), allow_none=True)


def page_of_call(call: Call | None) -> bytes | Failure:
    """The page of a section with its count, as its service wrote it; the failure in its place."""
    page = Forbidden("permission_missing", "") if call is None else call.outcome()
    if isinstance(page, Failure):
        return EMPTY if page.code in NOTHING_THERE else page
    return page.body


def counted(page: Mapping[str, Any]) -> bytes:
    """Of a list that is told whole."""
    count = {"count": len(page["items"]), "exact": page["next_cursor"] is None}
    return json.dumps({**page, **count}, ensure_ascii=False).encode()


def members(names: Iterable[str], pages: Pages, told: Collection[str] = ()) -> list[bytes]:
    """Each section by its name, null where there is no page, but those that are `told` already; then which of all are
    `unavailable` or `withheld`."""
    names = [*names]
    shown = {name: page for name, page in pages.items() if isinstance(page, bytes)}
    withheld = [name for name in names if name not in pages or isinstance(pages[name], Forbidden)]
    missing = {"unavailable": [one for one in names if one not in shown and one not in withheld], "withheld": withheld}
    parts = [b'"%s":%s' % (name.encode(), shown.get(name, b"null")) for name in names if name not in told]
    return [*parts, json.dumps(missing).encode()[1:-1]]
