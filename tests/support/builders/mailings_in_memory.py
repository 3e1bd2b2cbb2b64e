"""Mailings on the in-memory session: their audience, and the turns of their job with a mail server."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from services.chassis.handling.session import Actor
from services.chassis.handling.subscriptions import ReceivedEvent
from services.notifications.deliveries.model import Delivery
from services.notifications.deliveries.permission_checks import make_permission_checks
from services.notifications.deliveries.repository import document_of
from services.notifications.mail.transport import Failed
from services.notifications.mailings import commands, queries, subscribers
from services.notifications.mailings.jobs import Turn
from services.notifications.mailings.repository import mailing_of
from services.notifications.session import INDEXES, NotificationsSession
from tests.support.fakes.memory import Memory

NOW = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
DRAFT: dict[str, Any] = {
    "kind": "bulletin", "subject": "Novidades, {{ cliente.nome }}", "text": "Olá, {{cliente.nome}}!",
    "responsible": "Padaria",
}  # fmt: skip


def audience_member(number: int, **more: Any) -> dict[str, Any]:
    return {
        "person_id": f"p{number}", "code": number, "name": f"Pessoa {number:04d}", "email": f"p{number}@c.example",
        "address": None, "email_consent": True, "post_consent": None, **more,
    }  # fmt: skip


class InMemoryMailings(Memory):
    """Notifications with one mailing, and a mail server: `answer(delivery)` may raise Failed."""

    def __init__(self) -> None:
        super().__init__(NotificationsSession, INDEXES, Actor("ana", "Ana"))
        self.mails: list[Delivery] = []
        self.answer: Any = lambda delivery: None
        self.heard = 0
        self._office: Any = None

    def mailing(self, **fields: Any) -> str:
        made = self.ask(commands.create_mailing, **{**DRAFT, **fields})
        self.ask(commands.gather_mailing, mailing_id=made.id)
        return str(made.id)

    def shown(self, mailing_id: str) -> Any:
        return self.ask(queries.get_mailing, mailing_id=mailing_id)

    def batch(self, mailing_id: str, number: int, persons: Sequence[Any], last: bool = True, **more: Any) -> None:
        gathering_id = more.pop("gathering_id", self.shown(mailing_id).gathering_id)
        data = {"gathering_id": gathering_id, "mailing_id": mailing_id, "last": last, "refused": None, **more}
        self._hear(subscribers.on_people_mailing_audience_gathered, number, {**data, "persons": list(persons)})

    def decides(self, person_id: str, given: bool, at: dt.datetime = NOW, channel: str = "email") -> None:
        data = {"person_id": person_id, "purpose": "marketing", "channel": channel, "given": given, "at": at}
        self._hear(subscribers.on_people_consent_changed, 1, data)

    def _hear(self, handler: Any, sequence: int, data: dict[str, Any]) -> None:
        self.heard += 1
        event = ReceivedEvent(f"e{self.heard}", self.company, "x", sequence, NOW, data)
        self.run(lambda tx: handler.__wrapped__(tx, event))

    def recipients(self, mailing_id: str, **params: Any) -> list[Any]:
        page = self.ask(queries.list_mailing_recipients, mailing_id=mailing_id, limit=100, **params)
        return list(page["items"])

    def sending(self, persons: Sequence[Any], **fields: Any) -> str:
        mailing_id = self.mailing(**fields)
        self.batch(mailing_id, 1, persons)
        self.ask(commands.start_mailing, mailing_id=mailing_id, link_base="https://crm.example")
        return mailing_id

    def turn(self, mailing_id: str, monkeypatch: pytest.MonkeyPatch) -> dt.datetime | None:
        recorded: Any = SimpleNamespace(ask=self._record)
        monkeypatch.setattr("services.notifications.mailings.jobs.attempt", self._attempt)
        row = self.collection("mailings").kept[mailing_id]
        return Turn(self._runtime(), self._office, recorded, self.company, mailing_of(row), 10).take()

    def _runtime(self) -> Any:
        def session_for(*_: Any) -> Any:
            session = self.session()
            session.shared = asking
            return session

        jobs = {"mailings": SimpleNamespace(stopping=False)}
        runtime: Any = SimpleNamespace(database=None, session_for=session_for, jobs=jobs)
        runtime.transact = lambda company, actor, cause, seconds, work: self.run(work)
        asking = make_permission_checks(runtime)
        return runtime

    def _attempt(self, runtime: Any, office: Any, session: Any, delivery: Delivery) -> None:
        try:
            self.answer(delivery)
        except Failed as error:
            delivery.failed(error.failure, NOW)
            return
        if delivery.next_at is not None and delivery.last_error != "account_rate":
            self.mails.append(delivery)
            delivery.sent(NOW, "SMTP 250")

    def _record(self, attempt: Any) -> None:
        self.collection("deliveries").put(document_of(attempt[1]))

    def to(self) -> list[str]:
        return [one.recipient for one in self.mails]
