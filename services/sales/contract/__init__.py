"""What `sales` promises: its commands, queries, results and events, by aggregate; and what it reads."""

from __future__ import annotations

from services.sales.contract.events import (
    EVENTS,
    OPPORTUNITY_CREATED,
    SERVICE,
    OpportunityCreated,
)
from services.sales.contract.heard import (
    ConversationClosed,
    EntrySeen,
    PersonSeen,
)
from services.sales.contract.opportunities import (
    CreateOpportunity,
    ListOpportunities,
    Opportunity,
    OpportunityPage,
)

__all__ = [
    "EVENTS",
    "OPPORTUNITY_CREATED",
    "SERVICE",
    "ConversationClosed",
    "CreateOpportunity",
    "EntrySeen",
    "ListOpportunities",
    "Opportunity",
    "OpportunityCreated",
    "OpportunityPage",
    "PersonSeen",
]
