"""The board of a flow in one call, and the next cards of a column (rows A6, A13)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from services.attendance.attendances.model.attendance import ACTIVE
from services.attendance.attendances.model.quotes import SeenQuote, in_approval, value_of
from services.attendance.board import contract
from services.attendance.filing.repository import View
from services.attendance.flows.model import Flow
from services.attendance.flows.queries import present_amounts, visible_totals
from services.attendance.session import AttendanceSession
from services.attendance.tags.model import TODOS, Tag
from services.attendance.tags.presenting import present_tag
from services.attendance.types.model.types import Tree
from services.chassis.handling.entrypoints import query
from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document

Data = dict[str, Any]
# The most attendances that are counted in a column.
COUNTED = 200
# The fields of an attendance that a card is made of.
FIELDS = (
    "reference",
    "title",
    "person_id",
    "contact_name",
    "status",
    "type_id",
    "tags",
    "quotes",
    "due_at",
    "next_user_id",
)
READ = (*FIELDS, "updated_at", "version")


@query(takes=contract.GetFlowBoard, gives=contract.FlowBoard, needs="attendance.read", section="attendances")
def get_flow_board(session: AttendanceSession, data: Data) -> Data:
    """One read a column. Raises NotFound("flow_not_found")."""
    flow = session.flow_of_the_user(data["flow_id"])
    whole = visible_totals(session, [flow]).get(flow.id)
    types = Tree(session.types.all())
    columns = [_column(session, flow, tag, types, data) for tag in flow.board.all_tags()]
    if whole is not None:  # all of the flow's attendances, as they are counted with every change
        columns[0] |= {"count": whole["active"], "exact": True}
        columns[0] |= {name: whole[name] for name in ("quotes_in_approval", "in_approval")}
    ordering = flow.board.ordering if flow.board.is_ordering(session.now) else None
    return {"flow": flow, "ordering": ordering, "columns": columns}


@query(takes=contract.ListFlowCards, gives=contract.FlowCardPage, needs="attendance.read", section="attendances")
def list_flow_cards(session: AttendanceSession, data: Data) -> Data:
    """Raises NotFound("flow_not_found" or "tag_not_found"), Invalid("cursor_invalid")."""
    flow = session.flow_of_the_user(data["flow_id"])
    view = _view(flow, flow.board.get(data["tag_id"]), data)
    rows, following = session.flow_lists.rows(view, data["limit"], data["cursor"], READ)
    types = Tree(session.types.all())
    return {"items": [_card(flow, types, row) for row in rows], "next_cursor": following}


def _column(session: AttendanceSession, flow: Flow, tag: Tag, types: Tree, data: Data) -> Data:
    view, limit = _view(flow, tag, data), data["limit"]
    rows, more = session.flow_lists.rows(view, max(COUNTED, limit), None, READ)
    exact = more is None and len(rows) <= COUNTED
    quotes, amounts = _in_approval(rows[:COUNTED])
    shown = rows[:limit]
    return {
        "tag": present_tag(tag),
        "count": min(len(rows), COUNTED),
        "exact": exact,
        "quotes_in_approval": quotes,
        "in_approval": present_amounts(amounts),
        "items": [_card(flow, types, row) for row in shown],
        "next_cursor": view.place_of(shown[-1]) if shown and (more or len(rows) > limit) else None,
    }


def _view(flow: Flow, tag: Tag, data: Data) -> View:
    return View(flow.id, ACTIVE, data["sort"], None if tag.id == TODOS else tag.id)


def _in_approval(rows: list[Document]) -> tuple[int, dict[str, int]]:
    """Quotes in approval of all the rows, and their amounts in hundredths by currency."""
    count, amounts = 0, Counter[str]()
    for row in rows:
        waiting, worth = in_approval(_quotes(row))
        count += waiting
        amounts.update(worth)
    return count, dict(amounts)


def _quotes(row: Document) -> list[SeenQuote]:
    return [as_record(quote, SeenQuote) for quote in row.get("quotes", [])]


def _card(flow: Flow, types: Tree, row: Document) -> Data:
    quotes = _quotes(row)
    value, currency = value_of(quotes)
    return {
        **row,
        "id": row["_id"],
        "type": types.effective_or_none(row.get("type_id")),
        "tags": [present_tag(tag) for tag in flow.board.living(row["tags"])],
        "value": value,
        "currency": currency,
        "quotes_in_approval": in_approval(quotes)[0],
    }
