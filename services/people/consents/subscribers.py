"""An opt-out from mailings withdraws a consent (rows N6, P7)."""

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
    """The fields read from notifications' recipient_opted_out: the person, the purpose, and the evidence."""

    person_id = fields.String(required=True)
    purpose = fields.String(required=True)
    channel = fields.String(required=True)
    source = Line(60, required=True)
    evidence = Line(500, required=True)
    at = fields.DateTime(required=True)


@subscribe("notifications", "recipient_opted_out", takes=OptOutSeen)
def on_notifications_recipient_opted_out(tx: PeopleSession, event: ReceivedEvent) -> None:
    """Records the withdrawal, also without a consent before it: the person objects (LGPD, art. 18, § 2).

    Nothing is recorded for an unknown or erased person, or if the consent is withdrawn already or was given later.
    """
    opt_out = event.data
    person = tx.persons.find(tx.redirects.current(opt_out["person_id"]))
    if person is None or person.erased_at is not None:
        return
    last = tx.consents.last(person.id, opt_out["purpose"], opt_out["channel"])
    if last is not None and (not last.given or last.at > opt_out["at"]):
        return
    decision = Decision(
        id=tx.new_id(),
        person_id=person.id,
        purpose=opt_out["purpose"],
        channel=opt_out["channel"],
        given=False,
        source=opt_out["source"],
        evidence=opt_out["evidence"],
        at=opt_out["at"],
        by=tx.actor.id,
        by_name=tx.actor.name,
    )
    tx.consents.add(decision)
    tx.publish(events.CONSENT_CHANGED, decision.id, 1, **vars(decision))
