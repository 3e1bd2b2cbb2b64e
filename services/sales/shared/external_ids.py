"""Ids that other systems give their records: one space a person (rows S17, S18, S20; docs/adr/0018).

No framework, store or clock may enter.
"""

from __future__ import annotations

EXTERNAL = "external"
# Before each person had a space of their own, the id stood alone, once a company.
_ALONE = f"{EXTERNAL}:"
_OF_A_PERSON = f"{EXTERNAL}/"


def source_of(person_id: str, external_id: str) -> str:
    """What a record that another system put for this very person is kept under."""
    return f"{_OF_A_PERSON}{person_id}:{external_id}"


def old_source_of(external_id: str) -> str:
    """The same of a record from before; it may be anybody's."""
    return f"{_ALONE}{external_id}"


def shown_source(source_id: str) -> str:
    """As it is answered, whichever of the two: `external:` and the other system's id."""
    return _ALONE + source_id.partition(":")[2] if source_id.startswith(_OF_A_PERSON) else source_id
