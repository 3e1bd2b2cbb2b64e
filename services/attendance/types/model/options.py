"""The company's options of attendance. Pure: no store, no clock."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Options:
    """`default_type_id`: of attendances opened without a type; `opportunity_type_id`: of opportunities' conversations.

    `cycle_in_opportunities`: whether the type's cycle is used there too.
    """

    default_type_id: str | None = None
    opportunity_type_id: str | None = None
    cycle_in_opportunities: bool = False
    version: int = 1
