"""Source ids of records that other systems put, unique for each person (rows S17, S18, S20; docs/adr/0018).

No framework, store or clock may enter.
"""

from __future__ import annotations

EXTERNAL = "external"
# An earlier version made them unique in the company, without the person.
_ALONE = f"{EXTERNAL}:"
_OF_A_PERSON = f"{EXTERNAL}/"


def source_of(person_id: str, external_id: str) -> str:
    """The source id of a record that another system put for the person."""
    return f"{_OF_A_PERSON}{person_id}:{external_id}"


def old_source_of(external_id: str) -> str:
    """The source id of a record of an earlier version; it may be another person's."""
    return f"{_ALONE}{external_id}"


def shown_source(source_id: str) -> str:
    """The source id as it is answered: `external:` and the other system's id, without the person."""
    return _ALONE + source_id.partition(":")[2] if source_id.startswith(_OF_A_PERSON) else source_id
