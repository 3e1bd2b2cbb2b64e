"""What the use cases of `notifications` are given."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.chassis.access.seeing import AttendanceReplicas
from services.chassis.handling.session import Session
from services.chassis.replicas.persons import persons_of
from services.notifications.model import Delivery, Enclosure, refusal
from services.notifications.recipients import Members
from services.notifications.repository import TELLINGS, Deliveries, Watches, document_of


class NotificationsSession(Session):
    def open(self) -> None:
        self.watches = Watches(self.tenant.collection("watches"))
        self.deliveries = Deliveries(self.tenant.collection("deliveries"))
        self.enclosures = self.tenant.collection("enclosures")
        self.tellings = self.tenant.collection(TELLINGS)
        self.persons = persons_of(self.tenant, self.redirects)
        self.members = Members(self.tenant)
        self.attendances = AttendanceReplicas(self.tenant)

    def refusals(self, user_ids: Iterable[str], person_id: str, attendance_id: str) -> dict[str, str | None]:
        """By user, why they may not be told of the attendance (model.refusal)."""
        members = self.members.known(user_ids)
        person = self.persons.find(self.redirects.current(person_id)) or {}
        facts = self.attendances.facts(attendance_id)
        return {one: refusal(members.get(one), person.get("categories") or (), facts) for one in user_ids}

    def queue(self, delivery: Delivery) -> None:
        """To be sent after the commit."""
        self.enqueue("deliveries", document_of(delivery))

    def tell_the_rest(self, event_id: str, entry: dict[str, Any], after: str) -> None:
        """Work for after the commit: the watchers behind this user are told, too (jobs.py)."""
        told = {"person_id": entry["person_id"], "created_at": self.now, "entry": entry, "after": after}
        self.enqueue(TELLINGS, {"_id": event_id, **told})

    def enclose(self, enclosure: Enclosure) -> None:
        self.enclosures.insert(document_of(enclosure))
