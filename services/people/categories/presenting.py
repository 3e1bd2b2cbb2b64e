"""Presents a company's own category."""

from __future__ import annotations

from typing import Any

from services.people.categories.model import Category

Data = dict[str, Any]


def present_own(category: Category) -> Data:
    return {**vars(category), "built_in": False}
