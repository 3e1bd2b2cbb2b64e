"""The kinds of relations between persons (row P5), each with its inverse.

No framework, store or clock may enter.
"""

from __future__ import annotations

# what the related person is to this one: what this one is to them
INVERSE = {
    "representative": "represented",
    "represented": "representative",
    "employee": "employer",
    "employer": "employee",
    "customer": "supplier",
    "supplier": "customer",
    "branch": "head_office",
    "head_office": "branch",
    "dependent": "guardian",
    "guardian": "dependent",
    "accountant": "accounting_client",
    "accounting_client": "accountant",
    "partner": "partner",
    "relative": "relative",
    "other": "other",
}
RELATION_KINDS = tuple(INVERSE)
MAX_RELATIONS = 500


def related_key(person_id: str) -> str:
    """The search key of everybody related to this person."""
    return f"related:{person_id}"
