"""What hides the records of `sales` from a user (services/chassis/access/seeing.py): their person's categories, their
attendance."""

from __future__ import annotations

from services.chassis.access.seeing import ATTENDANCES, PERSONS, Seeable

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
SEEABLES = (
    Seeable(PERSONS, person="_id"),
    Seeable(ATTENDANCES, attendance="_id"),
    *(Seeable(name, attendance="attendance_id") for name in SOLD_IN_ONE),
    # whose account is seen is asked in commission/queries.py: the own one always is
    Seeable("commission_entries", person=None, attendance="attendance_id"),
    Seeable("commission_closings", person=None),
    Seeable("commission_rates"),
    # the sum of an account tells of no sale; it is whole, as a closing is
    Seeable("commission_totals"),
)
