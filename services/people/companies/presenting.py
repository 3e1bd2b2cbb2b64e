"""Presents a company: its answer has all settings, defaults too."""

from __future__ import annotations

from typing import Any

from services.people.companies.model import Company

Data = dict[str, Any]


def present_company(company: Company) -> Data:
    return {**vars(company), "settings": company.all_settings}
