"""The timeline of an opportunity (row S21) or an attendance (row S14): a page of records of two services, newest first.

The opportunity or attendance is required; a part that does not answer is named as `unavailable`, one that the user may
not see as `withheld`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gateway.bus.answers import Answer
from gateway.bus.calls import Call, Request
from gateway.http import auth
from gateway.http.requests import bus, send_query
from services.attendance.entries.contract import ENTRY_KINDS
from services.chassis.access.context import Context
from services.chassis.access.sections import AnyOf, Section, sees
from services.chassis.errors import Failure, Forbidden, Invalid, NotFound
from services.chassis.pages import cursor_of
from services.sales.actions.contract import KINDS as ACTION_KINDS
from services.sales.closing.contract import TURNS
from services.sales.orders.contract import KINDS as ORDER_KINDS

Item = dict[str, Any]
OFFERS = AnyOf(("opportunities", "attendances"))
SALE, PURCHASE = "sale", "purchase"
# The refusals of a service that mean that the user may not see its records.
HIDDEN = (Forbidden, NotFound)


def _entry_item(record: Item) -> Item:
    return {"at": record["recorded_at"], "kind": record["kind"], "by": record["recorded_by"], "text": record["text"]}


def _quote_item(quote: Item) -> Item:
    """One item for a quote, at the time of its first version; all versions are in the record."""
    text, author = f"Proposta nº {quote['number']}", quote["versions"][0]["made_by"]
    return {"at": quote["created_at"], "kind": "quote", "by": author, "text": text}


def _order_item(order: Item) -> Item:
    text = f"{'Venda' if order['kind'] == SALE else 'Compra'} nº {order['number']}"
    return {"at": order["ordered_at"], "kind": order["kind"], "by": order["ordered_by"], "text": text}


def _sending_item(sending: Item) -> Item:
    """Rows S12, S23: a quote or a visit sheet was sent by e-mail."""
    text = f"{sending['subject']} → {', '.join(sending['recipients'])}"
    return {"at": sending["sent_at"], "kind": "email", "by": sending["sent_by"], "text": text}


@dataclass(frozen=True)
class Part:
    """One list of records: its query, the id that it takes (`by`) and further input (`data`); `to_item` makes a record
    an item of the timeline."""

    name: str
    service: str
    method: str
    by: str
    type: str
    section: Section
    to_item: Callable[[Item], Item]
    data: tuple[tuple[str, str], ...] = ()

    def shown_to(self, context: Context) -> bool:
        return f"{self.service}.read" in context.permissions and sees(context.sight, self.section)


# A record that is in two parts is shown by the first: an action is also an entry of the conversation, under one id.
PARTS = (
    Part("actions", "sales", "list_actions", "opportunity_id", "action", "opportunities", _entry_item),
    Part("entries", "attendance", "list_entries_in_time", "attendance_id", "entry", "attendances", _entry_item),
    Part("quotes", "sales", "list_quotes", "attendance_id", "quote", OFFERS, _quote_item),
    Part("orders", "sales", "list_orders", "attendance_id", "order", "orders", _order_item, (("kind", SALE),)),
    Part("purchases", "sales", "list_orders", "attendance_id", "order", "orders", _order_item, (("kind", PURCHASE),)),
    Part("turns", "sales", "list_turns", "opportunity_id", "turn", "opportunities", _entry_item),
    Part("sendings", "sales", "list_sendings", "opportunity_id", "sending", OFFERS, _sending_item),
)

TYPES = tuple(dict.fromkeys(part.type for part in PARTS))
KINDS = tuple(dict.fromkeys((*ENTRY_KINDS, *ACTION_KINDS, "quote", *ORDER_KINDS, *TURNS)))


def of_opportunity(opportunity_id: str, limit: int, cursor: str | None) -> Item:
    """A page; raises NotFound("opportunity_not_found") or Unavailable("sales_unavailable")."""
    opportunity = send_query("sales", "get_opportunity", {"id": opportunity_id})
    ids = {"opportunity_id": opportunity_id, "attendance_id": opportunity["attendance_id"]}
    return _gather(ids, limit, cursor)


def of_attendance(attendance_id: str, limit: int, cursor: str | None) -> Item:
    """A page; raises NotFound("attendance_not_found") or Unavailable("attendance_unavailable")."""
    send_query("attendance", "get_attendance", {"id": attendance_id})
    return _gather({"attendance_id": attendance_id}, limit, cursor)


def _gather(ids: dict[str, str], limit: int, cursor: str | None) -> Item:
    context = auth.context()
    parts = [part for part in PARTS if part.by in ids]
    shown = [part for part in parts if part.shown_to(context)]
    requests = [_request(part, ids[part.by], limit, cursor) for part in shown]
    with bus().gather(context, *requests) as calls:
        pages = {part.name: _page(call) for part, call in zip(shown, calls, strict=True)}
    answered = [(part, page) for part in shown if isinstance(page := pages[part.name], Answer)]
    items = _merged([(part, page["items"]) for part, page in answered])
    more = len(items) > limit or any(page["next_cursor"] for _, page in answered)
    items = items[:limit]
    withheld = [part.name for part in parts if part not in shown or isinstance(pages[part.name], HIDDEN)]
    known = {*withheld, *(part.name for part, _ in answered)}
    return {
        "items": items,
        "next_cursor": cursor_of(*_place(items[-1])) if more else None,
        "unavailable": [part.name for part in parts if part.name not in known],
        "withheld": withheld,
    }


def _request(part: Part, owner: str, limit: int, cursor: str | None) -> Request:
    data = {part.by: owner, **dict(part.data), "limit": limit, "cursor": cursor}
    return Request(part.service, part.method, data)


def _page(call: Call) -> Answer | Failure:
    """The page of a part, or its failure; raises Invalid("cursor_invalid")."""
    page = call.outcome()
    if isinstance(page, Invalid):
        raise page
    return page


def _merged(pages: list[tuple[Part, list[Item]]]) -> list[Item]:
    """The items of all parts by (time, id) descending; a record that is in two parts is there once."""
    items: dict[str, Item] = {}
    for part, records in pages:
        for record in records:
            items.setdefault(record["id"], _item(part, record))
    return sorted(items.values(), key=_place, reverse=True)


def _item(part: Part, record: Item) -> Item:
    return {"type": part.type, "id": record["id"], "record": record, **part.to_item(record)}


def _place(item: Item) -> tuple[dt.datetime, str]:
    return dt.datetime.fromisoformat(item["at"]), item["id"]
