"""The rules of `sales`. No framework, store or clock may enter."""

from __future__ import annotations

from services.sales.domain.action import CANCELLED, DONE, KINDS, PENDING, SITUATIONS, Action
from services.sales.domain.markers import Marker, Markers
from services.sales.domain.opportunity import CLOSED, CUSTOMER_STATUSES, LEGENDS, OPEN, Opportunity, conversation_id
from services.sales.domain.pipeline import MOST_STAGES, Pipeline, Stage
from services.sales.domain.settings import Settings

__all__ = [
    "CANCELLED",
    "CLOSED",
    "CUSTOMER_STATUSES",
    "DONE",
    "KINDS",
    "LEGENDS",
    "MOST_STAGES",
    "OPEN",
    "PENDING",
    "SITUATIONS",
    "Action",
    "Marker",
    "Markers",
    "Opportunity",
    "Pipeline",
    "Settings",
    "Stage",
    "conversation_id",
]
