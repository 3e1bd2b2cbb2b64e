"""The session that the use cases of `notifications` receive: the repositories of one company."""

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
        """By user id: why they may not receive mail about the attendance, None where they may (model.refusal)."""
        members = self.members.known(user_ids)
        person = self.persons.find(self.redirects.current(person_id)) or {}
        facts = self.attendances.facts(attendance_id)
        categories = person.get("categories") or ()
        return {user_id: refusal(members.get(user_id), categories, facts) for user_id in user_ids}

    def queue(self, delivery: Delivery) -> None:
        """Stores the delivery; the sender (jobs.py) takes it after the commit."""
        self.enqueue("deliveries", document_of(delivery))

    def tell_the_rest(self, event_id: str, entry: dict[str, Any], after: str) -> None:
        """Leaves the watchers whose user ids come after `after` to the teller (jobs.py), after the commit."""
        telling = {"person_id": entry["person_id"], "created_at": self.now, "entry": entry, "after": after}
        self.enqueue(TELLINGS, {"_id": event_id, **telling})

    def enclose(self, enclosure: Enclosure) -> None:
        self.enclosures.insert(document_of(enclosure))
