"""Notifications on the in-memory session: the events that it gets, who watches a person, and what its sender mails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from services.chassis.handling.session import Actor
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.storage.rows import Document
from services.notifications import subscribers as notifications_subscribers
from services.notifications.deliveries import queries as deliveries_queries
from services.notifications.deliveries.jobs import make_sender
from services.notifications.deliveries.model import Delivery
from services.notifications.deliveries.permission_checks import make_permission_checks
from services.notifications.deliveries.repository import Attempt
from services.notifications.service import Notifications
from services.notifications.session import INDEXES, NotificationsSession
from services.notifications.visibility import VISIBILITY_RULES
from services.notifications.watching import commands as watching_commands
from tests.support.fakes.memory import Memory, Narrowed

NOW = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
FULL = {"role_id": "seller", "version": 0, "permissions": ["people.read", "attendance.read"], "scopes": {}}
BOARD = {"flow_id": "f1", "version": 1, "users": ["w1", "ana"]}


class InMemoryNotifications(Memory):
    """The service with one person, who was registered in people; `hear` gives it an event."""

    def __init__(self) -> None:
        super().__init__(NotificationsSession, INDEXES)
        self.actor = Actor("ana", "Ana")
        self.heard = 0
        self.hear(
            notifications_subscribers.on_people_person_registered,
            "p1",
            1,
            person_id="p1",
            name="Rita",
            categories=["client"],
        )

    def session(self, user: Any = None) -> Any:
        found = super().session(user)
        found.actor = self.actor
        return found

    def do(self, use_case: Any, data: dict[str, Any]) -> Any:
        user = Narrowed(self, self.actor, VISIBILITY_RULES)
        return self.run(lambda tx: use_case.__wrapped__(tx, data), user=user)

    def hear(self, handler: Any, aggregate: str, sequence: int, **data: Any) -> str:
        self.heard += 1
        event = ReceivedEvent(f"e{self.heard}", self.company, aggregate, sequence, NOW, data)
        self.run_again(handler, event)
        return event.id

    def run_again(self, handler: Any, event: ReceivedEvent) -> None:
        """As it is for a handler that may be repeated; of what somebody else has done."""
        self.actor = Actor("bia", "Bia")
        self.run(lambda tx: handler.__wrapped__(tx, event), repeats=True)

    def user(self, user: str, version: int = 1, active: bool = True, roles: Sequence[Document] = (FULL,)) -> None:
        told = {"user_id": user, "active": active, "name": user, "login": f"{user}@x.example", "roles": list(roles)}
        self.hear(notifications_subscribers.on_people_user_changed, user, version, **told)

    def watches(self, user: str, person: str = "p1", **how: Any) -> Any:
        """At once, unless `how` says else."""
        self.actor = Actor(user, user)
        data = {"person_id": person, "email": f"{user}@x.example", "mode": "at_once", "own_actions": False, **how}
        return self.do(watching_commands.watch_person, data)

    def entry(self, sequence: int = 2, **more: Any) -> None:
        told = {
            "attendance_id": "a1", "entry_id": "n1", "person_id": "p1", "person_name": "Rita", "title": "Dívida",
            "text": "Segredo", "author_name": "Bia", "recorded_at": NOW, "reference": 1, "notify_customer": False,
            "customer_email": None, "files": [], "left_out": [], "type_id": None, "flow": None, **more,
        }  # fmt: skip
        self.hear(Notifications.on_attendance_entry_recorded, told["attendance_id"], sequence, **told)

    def told(self) -> list[str]:
        return sorted(one["recipient"].partition("@")[0] for one in self.documents("deliveries"))

    def log(self, user: str, limit: int = 20, cursor: str | None = None, scopes: Any = None) -> Any:
        self.actor = Actor(user, user, scopes=scopes or {})
        data = {"limit": limit, "cursor": cursor, **dict.fromkeys(("person_id", "state", "channel", "since", "until"))}
        return self.do(deliveries_queries.list_deliveries, data)


def with_watchers(**roles: Sequence[Document]) -> InMemoryNotifications:
    """With a watcher of this name for each; their roles."""
    made = InMemoryNotifications()
    for user, held in roles.items():
        made.user(user, roles=held)
        made.watches(user)
    return made


def narrowed(**scopes: list[str]) -> list[Document]:
    return [{**FULL, "role_id": "narrow", "version": 1, "scopes": scopes}]


def without(permission: str) -> list[Document]:
    return [{**FULL, "role_id": "lesser", "permissions": [one for one in FULL["permissions"] if one != permission]}]  # type: ignore[attr-defined]


def sender(made: InMemoryNotifications, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, list[str]]:
    """The sender, and the mails that it hands over."""
    mails: list[str] = []
    module = "services.notifications.deliveries.jobs"

    def send(delivery: Delivery, enclosure: Any) -> str:
        mails.append(delivery.recipient)
        return "SMTP 250"

    mailer = SimpleNamespace(longest=1, send=send)
    monkeypatch.setattr(f"{module}.installation_mailer", lambda: (mailer, 1))
    monkeypatch.setattr(f"{module}.enclosure_of", lambda database, company, delivery: None)

    def recorded(database: Any, attempts: Sequence[Attempt]) -> list[None]:
        for row, delivery in attempts:
            made.collection("deliveries").put(
                {**row, "status": delivery.status, "last_error": delivery.last_error, "refused": delivery.refused}
            )
        return [None] * len(attempts)

    monkeypatch.setattr(f"{module}.record_attempts", recorded)
    monkeypatch.setattr(f"{module}.forget_enclosure", lambda database, company, delivery: None)
    return make_sender(runtime_of(made)).handle, mails


def runtime_of(made: InMemoryNotifications, **more: Any) -> Any:
    """As much of it as jobs need; its sessions ask together."""

    def session_for(*_: Any) -> Any:
        session = made.session()
        session.shared = asking
        return session

    runtime: Any = SimpleNamespace(database=None, session_for=session_for, **more)
    asking = make_permission_checks(runtime)
    return runtime
