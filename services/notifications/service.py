"""Notifications: who watches a person, and what was sent to them."""

from __future__ import annotations

from typing import Any

from services.chassis.entrypoints import command, query, subscribe
from services.chassis.runtime import Runtime, Service
from services.chassis.subscriptions import Heard
from services.notifications import contract, store
from services.notifications.domain import Watch, delivery_for
from services.notifications.sender import make_sender
from services.notifications.store import NotificationsSession


class Notifications(Service):
    name = contract.SERVICE
    session = NotificationsSession
    indexes = store.INDEXES
    works = {"deliveries": make_sender}
    runtime = Runtime()

    @command(takes=contract.WatchPerson, gives=contract.WatcherList, needs="notifications.write")
    def watch_person(self, tx: NotificationsSession, data: dict[str, Any]) -> dict[str, Any]:
        """Row N1; raises NotFound("person_not_found")."""
        tx.persons.get(data["person_id"])
        watch = Watch(
            user_id=tx.actor.id,
            user_name=tx.actor.name,
            email=data["email"],
            person_id=data["person_id"],
            since=tx.now,
        )
        tx.watches.put(watch)
        return {"items": tx.watches.of_person(watch.person_id)}

    @command(takes=contract.UnwatchPerson, gives=contract.WatcherList, needs="notifications.write")
    def unwatch_person(self, tx: NotificationsSession, data: dict[str, Any]) -> dict[str, Any]:
        tx.persons.get(data["person_id"])
        tx.watches.remove(data["person_id"], tx.actor.id)
        return {"items": tx.watches.of_person(data["person_id"])}

    @query(takes=contract.ListWatchers, gives=contract.WatcherList, needs="notifications.read")
    def list_watchers(self, session: NotificationsSession, data: dict[str, Any]) -> dict[str, Any]:
        return {"items": session.watches.of_person(data["person_id"])}

    @query(takes=contract.ListDeliveries, gives=contract.DeliveryPage, needs="notifications.read")
    def list_deliveries(self, session: NotificationsSession, data: dict[str, Any]) -> dict[str, Any]:
        return session.deliveries.recent(**data)

    @subscribe("attendance", "entry_recorded", takes=contract.EntrySeen)
    def on_attendance_entry_recorded(self, tx: NotificationsSession, event: Heard) -> None:
        """Row N1: one e-mail a watcher and entry."""
        for watch in tx.watches.of_person(event.data["person_id"]):
            tx.queue(delivery_for(event.id, event.data, watch, tx.now))

    @subscribe("people", "person_registered", takes=contract.PersonSeen, once=False)
    def on_people_person_registered(self, tx: NotificationsSession, event: Heard) -> None:
        tx.persons.put(event.aggregate, event.sequence, name=event.data["name"])

    @subscribe("people", "person_changed", takes=contract.PersonSeen, once=False)
    def on_people_person_changed(self, tx: NotificationsSession, event: Heard) -> None:
        tx.persons.put(event.aggregate, event.sequence, name=event.data["name"])
