"""The timeline of an opportunity (row S21) or an attendance (row S14): what two services have, newest first, on a page.

The opportunity, or the attendance, is required; any part may be missing, and is then named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gateway.bus.calls import Call, Request
from gateway.http import auth
from gateway.http.requests import bus, send_query
from services.chassis.access.context import Context
from services.chassis.access.sections import AnyOf, Section, sees
from services.chassis.errors import Failure, Invalid
from services.chassis.pages import cursor_of

Item = dict[str, Any]
OFFERS = AnyOf(("opportunities", "attendances"))
SALE, PURCHASE = "sale", "purchase"


def _entry_item(record: Item) -> Item:
    return {"at": record["recorded_at"], **{name: record[name] for name in ("kind", "author_name", "text")}}


def _quote_item(quote: Item) -> Item:
    """Once, where it was made first; its versions are in the record."""
    text, author = f"Proposta nº {quote['number']}", quote["versions"][0]["author_name"]
    return {"at": quote["created_at"], "kind": "quote", "author_name": author, "text": text}


def _order_item(order: Item) -> Item:
    text = f"{'Venda' if order['kind'] == SALE else 'Compra'} nº {order['number']}"
    return {"at": order["ordered_at"], "kind": order["kind"], "author_name": order["ordered_by"], "text": text}


def _sending_item(sending: Item) -> Item:
    """Row S12, S23: a quote or a visit sheet went out by e-mail."""
    text = f"{sending['subject']} → {', '.join(sending['recipients'])}"
    return {"at": sending["sent_at"], "kind": "email", "author_name": sending["author_name"], "text": text}


@dataclass(frozen=True)
class Part:
    """Whom to ask, by which id and with what else, and how an item of its page becomes one of the timeline."""

    name: str
    service: str
    method: str
    by: str
    type: str
    section: Section
    shows: Callable[[Item], Item]
    asking: tuple[tuple[str, str], ...] = ()

    def shown_to(self, context: Context) -> bool:
        return f"{self.service}.read" in context.permissions and sees(context.sight, self.section)


# The first part that has an id wins: an action is recorded in the conversation under its own id.
PARTS = (
    Part("actions", "sales", "list_actions", "opportunity_id", "action", "opportunities", _entry_item),
    Part("entries", "attendance", "list_entries_in_time", "attendance_id", "entry", "attendances", _entry_item),
    Part("quotes", "sales", "list_quotes", "attendance_id", "quote", OFFERS, _quote_item),
    Part("orders", "sales", "list_orders", "attendance_id", "order", "orders", _order_item, (("kind", SALE),)),
    Part("purchases", "sales", "list_orders", "attendance_id", "order", "orders", _order_item, (("kind", PURCHASE),)),
    Part("turns", "sales", "list_turns", "opportunity_id", "turn", "opportunities", _entry_item),
    Part("sendings", "sales", "list_sendings", "opportunity_id", "sending", OFFERS, _sending_item),
)


def of_opportunity(opportunity_id: str, limit: int, cursor: str | None) -> Item:
    """A page; raises NotFound("opportunity_not_found") or Unavailable("sales_unavailable")."""
    opportunity = send_query("sales", "get_opportunity", {"id": opportunity_id})
    ids = {"opportunity_id": opportunity_id, "attendance_id": opportunity["attendance_id"]}
    return _gathered(ids, limit, cursor)


def of_attendance(attendance_id: str, limit: int, cursor: str | None) -> Item:
    """A page; raises NotFound("attendance_not_found") or Unavailable("attendance_unavailable")."""
    send_query("attendance", "get_attendance", {"id": attendance_id})
    return _gathered({"attendance_id": attendance_id}, limit, cursor)


def _gathered(ids: dict[str, str], limit: int, cursor: str | None) -> Item:
    context = auth.context()
    asked = [part for part in PARTS if part.by in ids]
    shown = [part for part in asked if part.shown_to(context)]
    requests = [_request(part, ids[part.by], limit, cursor) for part in shown]
    with bus().gather(context, *requests) as calls:
        pages = [(part, _page(call)) for part, call in zip(shown, calls, strict=True)]
    items = _merged([(part, page["items"]) for part, page in pages if page is not None])
    more = len(items) > limit or any(page["next_cursor"] for _, page in pages if page is not None)
    items = items[:limit]
    return {
        "items": items,
        "next_cursor": cursor_of(*_place(items[-1])) if more else None,
        "unavailable": [part.name for part, page in pages if page is None],
        "withheld": [part.name for part in asked if part not in shown],
    }


def _request(part: Part, owner: str, limit: int, cursor: str | None) -> Request:
    asked = {part.by: owner, **dict(part.asking), "limit": limit, "cursor": cursor}
    return Request(part.service, part.method, asked)


def _page(call: Call) -> Item | None:
    """None when the part did not answer; raises Invalid("cursor_invalid"), which is the asker's."""
    page = call.outcome()
    if isinstance(page, Invalid):
        raise page
    return None if isinstance(page, Failure) else page


def _merged(pages: list[tuple[Part, list[Item]]]) -> list[Item]:
    """In the order of their own lists, (time, id) descending; a record of two parts is shown once."""
    found: dict[str, Item] = {}
    for part, records in pages:
        for record in records:
            found.setdefault(record["id"], _item(part, record))
    return sorted(found.values(), key=_place, reverse=True)


def _item(part: Part, record: Item) -> Item:
    return {"type": part.type, "id": record["id"], "record": record, **part.shows(record)}


def _place(item: Item) -> tuple[dt.datetime, str]:
    return dt.datetime.fromisoformat(item["at"]), item["id"]
