"""Tags as they appear in responses."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from services.attendance.flows.model import Flow
from services.attendance.tags.model import TODOS, Tag

Data = dict[str, Any]


def present_tag(tag: Tag) -> Data:
    return {**asdict(tag), "fixed": tag.id == TODOS}


def present_tags(flow: Flow, now: dt.datetime) -> Data:
    """TODOS first, then the flow's tags in their order; and the lock, if a user is ordering them."""
    ordering = flow.board.ordering if flow.board.is_ordering(now) else None
    return {"items": [present_tag(tag) for tag in flow.board.all_tags()], "ordering": ordering, "version": flow.version}
