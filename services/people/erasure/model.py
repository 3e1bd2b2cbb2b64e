"""Erasing a person's data at their request (LGPD, articles 16 and 18): the services' receipts, and what remains.

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, fields, replace
from typing import Any

from services.people.persons.model.person import Person

RUNNING, DONE = ERASURE_STATES = ("running", "done")
ERASED_NAME = "Pessoa apagada"
REASON = "Dados eliminados a pedido do titular."
OWN, MESSAGES = "people", "messages"
# Every service that holds rows of persons answers an erasure with a receipt.
ASKED = ("attendance", "notifications", "sales", "scheduling")
# The fields of a person that identify nobody, and are kept.
KEPT = frozenset({"id", "code", "version", "created_at", "categories", "last_item"})


@dataclass
class Erasure:
    """`persons`: the person, and those merged into it; `receipts`: by service, once it has answered."""

    id: str
    person_id: str
    persons: list[str]
    state: str
    reason: str
    legal_request: str
    requested_at: dt.datetime
    requested_by: str
    requested_by_name: str
    finished_at: dt.datetime | None = None
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    version: int = 1

    def receive(self, service: str, items: list[dict[str, Any]], at: dt.datetime) -> None:
        """Keeps the first receipt of a service; a repeated one changes nothing."""
        self.receipts.setdefault(service, {"at": at, "items": items})

    @property
    def answered(self) -> bool:
        return set(ASKED) <= set(self.receipts)

    @property
    def state_by_service(self) -> list[dict[str, Any]]:
        empty: dict[str, Any] = {"at": None, "items": []}
        return [
            {"service": name, "state": DONE if name in self.receipts else RUNNING, **self.receipts.get(name, empty)}
            for name in (*ASKED, OWN, MESSAGES)
        ]

    def finish(self, at: dt.datetime) -> None:
        self.state, self.finished_at = DONE, at


def anonymise(person: Person, at: dt.datetime) -> Person:
    """The erased person: the code and the other fields of KEPT stay, every other field is emptied."""
    emptied = {f.name: _nothing(f.type, getattr(person, f.name)) for f in fields(Person) if f.name not in KEPT}
    closed = {"erased_at": at, "inactivated_at": at, "inactive_reason": REASON}
    return replace(person, **{**emptied, "name": ERASED_NAME, **closed})


def _nothing(declared: Any, value: Any) -> Any:
    """The empty value of a field: None where the type allows it, because two empty texts may not be unique."""
    return None if "None" in str(declared) else type(value)()


def identifying_values(person: Person) -> set[str]:
    """The texts that identify a person: document, e-mails, phones, and the name where it has two words or more."""
    reached_by = [contact.get(name) for contact in person.contacts for name in ("email", "phone")]
    identifiers = [
        person.document,
        *(e["address"] for e in person.emails),
        *(p["number"] for p in person.phones),
        *reached_by,
    ]
    names = [person.name] if " " in person.name.strip() else []
    return {str(value) for value in [*identifiers, *names] if value}
