"""Which fields decide whether a user sees a record of `sales` (services/chassis/access/row_visibility.py)."""

from __future__ import annotations

from services.chassis.access.row_visibility import ATTENDANCES, PERSONS, VisibilityRule

# Collections whose records are hidden with the attendance in which they were made.
HIDDEN_WITH_ATTENDANCE = (
    "opportunities",
    "turns",
    "actions",
    "quotes",
    "quote_links",
    "quote_answers",
    "sendings",
    "orders",
    "contracts",
    "receivables",
    "service_orders",
    "service_invoices",
    "nfes",
    "nfe_corrections",
)
VISIBILITY_RULES = (
    VisibilityRule(PERSONS, person="_id"),
    VisibilityRule(ATTENDANCES, attendance="_id"),
    *(VisibilityRule(name, attendance="attendance_id") for name in HIDDEN_WITH_ATTENDANCE),
    # commission/queries.py decides whose account a user sees; they always see their own
    VisibilityRule("commission_entries", person=None, attendance="attendance_id"),
    VisibilityRule("commission_closings", person=None),
    VisibilityRule("commission_rates"),
    # a balance names no sale, so it is shown whole, as a closing is
    VisibilityRule("commission_totals"),
)
