"""Erasing a person's data at their request (LGPD, articles 16 and 18): who has answered, and what remains.

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, fields, replace
from typing import Any

from services.people.persons.model.person import Person

RUNNING, DONE = "running", "done"
ERASED_NAME = "Pessoa apagada"
REASON = "Dados eliminados a pedido do titular."
OWN, MESSAGES = "people", "messages"
# Every service that holds rows of persons answers an erasure with a receipt.
ASKED = ("attendance", "notifications", "sales", "scheduling")
# What says nothing of who the person was.
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
        """The first receipt of a service counts; a repeated one is the same news."""
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


def anonymised(person: Person, at: dt.datetime) -> Person:
    """What remains of an erased person: the code, and fields that tell nothing; every other field is emptied."""
    emptied = {f.name: _nothing(f.type, getattr(person, f.name)) for f in fields(Person) if f.name not in KEPT}
    closed = {"erased_at": at, "inactivated_at": at, "inactive_reason": REASON}
    return replace(person, **{**emptied, "name": ERASED_NAME, **closed})


def _nothing(declared: Any, value: Any) -> Any:
    """None where the field may be None: an empty document would be the same for two erased persons."""
    return None if "None" in str(declared) else type(value)()


def values_of(person: Person) -> set[str]:
    """What names the person in a text: document, e-mails and phones, and the name where it has two words."""
    contacts = [contact.get(name) for contact in person.contacts for name in ("email", "phone")]
    found = [person.document, *(e["address"] for e in person.emails), *(p["number"] for p in person.phones), *contacts]
    names = [person.name] if " " in person.name.strip() else []
    return {str(value) for value in [*found, *names] if value}
