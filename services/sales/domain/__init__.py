"""The rules of `sales`. No framework, store or clock may enter."""

from __future__ import annotations

from services.sales.domain.opportunity import CLOSED, OPEN, Opportunity, conversation_id

__all__ = ["CLOSED", "OPEN", "Opportunity", "conversation_id"]
