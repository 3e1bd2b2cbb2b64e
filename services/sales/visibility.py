"""What hides the records of `sales` from a user (services/chassis/access/row_visibility.py): the categories of their
person, and their attendance."""

from __future__ import annotations

from services.chassis.access.row_visibility import ATTENDANCES, PERSONS, VisibilityRule

# What was sold in an attendance is seen with it: the papers, the money, and what was earned by it.
SOLD_IN_ONE = (
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
    *(VisibilityRule(name, attendance="attendance_id") for name in SOLD_IN_ONE),
    # whose account is seen is asked in commission/queries.py: the own one always is
    VisibilityRule("commission_entries", person=None, attendance="attendance_id"),
    VisibilityRule("commission_closings", person=None),
    VisibilityRule("commission_rates"),
    # the sum of an account tells of no sale; it is whole, as a closing is
    VisibilityRule("commission_totals"),
)
