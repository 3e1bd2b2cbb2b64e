"""The company's options of attendance. Pure: no store, no clock."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Options:
    """`default_type_id`: the type of attendances opened without one.

    `opportunity_type_id`: the type of opportunities' conversations. `cycle_in_opportunities`: whether these use the
    cycle of their type.
    """

    default_type_id: str | None = None
    opportunity_type_id: str | None = None
    cycle_in_opportunities: bool = False
    version: int = 1
