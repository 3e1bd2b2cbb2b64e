"""A tag as it appears in responses."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.attendance.tags.model import TODOS, Tag

Data = dict[str, Any]


def present_tag(tag: Tag) -> Data:
    return {**asdict(tag), "fixed": tag.id == TODOS}
