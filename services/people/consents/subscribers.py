"""Who opts out of mailings withdraws a consent (rows N6, P7)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.handling.entrypoints import subscribe
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.inputs import Line
from services.chassis.schemas import EventData
from services.people import events
from services.people.consents.model import Decision
from services.people.session import PeopleSession


class OptOutSeen(EventData):
    """Of notifications' recipient_opted_out: who receives no more of what, and how they said so."""

    person_id = fields.String(required=True)
    purpose = fields.String(required=True)
    channel = fields.String(required=True)
    source = Line(60, required=True)
    evidence = Line(500, required=True)
    at = fields.DateTime(required=True)


@subscribe("notifications", "recipient_opted_out", takes=OptOutSeen)
def on_notifications_recipient_opted_out(tx: PeopleSession, event: ReceivedEvent) -> None:
    """Kept also of who had never given the consent: the person objects (LGPD, art. 18, § 2). Not of somebody unknown or
    erased, and not twice."""
    said = event.data
    person = tx.persons.find(tx.redirects.current(said["person_id"]))
    if person is None or person.erased_at is not None:
        return
    last = tx.consents.last(person.id, said["purpose"], said["channel"])
    if last is not None and (not last.given or last.at > said["at"]):
        return
    decision = Decision(
        id=tx.new_id(),
        person_id=person.id,
        purpose=said["purpose"],
        channel=said["channel"],
        given=False,
        source=said["source"],
        evidence=said["evidence"],
        at=said["at"],
        by=tx.actor.id,
        by_name=tx.actor.name,
    )
    tx.consents.add(decision)
    tx.publish(events.CONSENT_CHANGED, decision.id, 1, **vars(decision))
