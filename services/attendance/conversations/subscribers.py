"""An opportunity's attendance (conversation) follows what happens to the opportunity (rows S1, S15, S16)."""

from __future__ import annotations

from marshmallow import fields

from services.attendance import events
from services.attendance.attendances.model.attendance import OPEN, SYSTEM, TRASHED, Attendance, title_of
from services.attendance.session import AttendanceSession
from services.attendance.shared.loading import centers_of, conversation_of, graph_of
from services.attendance.timeline.writing import announce, announce_change, close, explain_rename, record
from services.chassis.handling.entrypoints import subscribe
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.schemas import EventData


class OpportunityRenamed(EventData):
    """The fields read from sales' opportunity_changed; `renamed`: whether the change renamed the opportunity."""

    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    description = fields.String(required=True)
    renamed = fields.Boolean(load_default=False)


class ConversationSeen(EventData):
    """The fields read from sales' opportunity_closed, opportunity_reopened and opportunity_deleted."""

    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    summary = fields.String(load_default="")


class ActionSeen(EventData):
    """The fields read from sales' action_added: they make an entry of the conversation."""

    action_id = fields.String(required=True)
    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    kind = fields.String(required=True)
    text = fields.String(required=True)


class QuoteAnsweredSeen(EventData):
    """The fields read from sales' quote_answered: what a customer said on a quote's page makes an entry."""

    answer_id = fields.String(required=True)
    quote_number = fields.Integer(required=True)
    number = fields.Integer(required=True)
    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    kind = fields.String(required=True)
    name = fields.String(required=True)
    comment = fields.String(required=True)


ANSWER_VERBS = {
    "accepted": "aceitou a proposta",
    "refused": "recusou a proposta",
    "asked": "perguntou sobre a proposta",
}


def _is_renamed(session: AttendanceSession, event: ReceivedEvent) -> bool:
    """Only a new name of the opportunity shows in its conversation; other changes need no transaction."""
    renamed: bool = event.data["renamed"]
    return renamed


@subscribe("sales", "opportunity_changed", takes=OpportunityRenamed, concerns=_is_renamed, minor=False)
def on_sales_opportunity_changed(tx: AttendanceSession, event: ReceivedEvent) -> None:
    """The conversation takes the opportunity's new name as its title, and an entry records the change."""
    attendance = _conversation(tx, event)
    if attendance is None or tx.persons.erased(attendance.person_id):
        return
    before, title = attendance.title, title_of(event.data["description"])
    if not attendance.follow_title(title, event.sequence):
        tx.attendances.save(attendance)
        return
    explain_rename(tx, attendance, before, at=event.at)
    announce_change(tx, attendance, "title")


@subscribe("sales", "action_added", takes=ActionSeen)
def on_sales_action_added(tx: AttendanceSession, event: ReceivedEvent) -> None:
    """Records an entry with the action's id, kind and time; none in a conversation that is closed or trashed by now."""
    attendance = _open_conversation(tx, event)
    if attendance is not None and not tx.persons.erased(attendance.person_id):
        person = tx.persons.get(attendance.person_id)
        action = {"id": event.data["action_id"], "at": event.at}
        record(tx, attendance, person, event.data["text"], kind=event.data["kind"], **action)


@subscribe("sales", "quote_answered", takes=QuoteAnsweredSeen)
def on_sales_quote_answered(tx: AttendanceSession, event: ReceivedEvent) -> None:
    """Records an entry with the answer's id and time; none in a conversation that is closed or trashed by now."""
    attendance = _open_conversation(tx, event)
    if attendance is None or tx.persons.erased(attendance.person_id):
        return
    answer = event.data
    verb = ANSWER_VERBS.get(answer["kind"], answer["kind"])
    text = f"{answer['name']} {verb} nº {answer['quote_number']} (versão {answer['number']}) na página do cliente."
    text = "\n\n".join(filter(None, (text, answer["comment"])))
    record(tx, attendance, tx.persons.get(attendance.person_id), text, id=answer["answer_id"], at=event.at)


@subscribe("sales", "opportunity_closed", takes=ConversationSeen)
def on_sales_opportunity_closed(tx: AttendanceSession, event: ReceivedEvent) -> None:
    _end(tx, event, event.data["summary"] or "O contato de venda foi encerrado.")


@subscribe("sales", "opportunity_deleted", takes=ConversationSeen)
def on_sales_opportunity_deleted(tx: AttendanceSession, event: ReceivedEvent) -> None:
    """Closes the conversation; it stays in the person's history."""
    _end(tx, event, "O contato de venda foi excluído.")


@subscribe("sales", "opportunity_reopened", takes=ConversationSeen)
def on_sales_opportunity_reopened(tx: AttendanceSession, event: ReceivedEvent) -> None:
    """Row S16: reopens the conversation with an entry; a workflow that had ended it resumes at the place before."""
    attendance = _conversation(tx, event)
    if attendance is None or not attendance.advance_opportunity(event.sequence):
        return
    if attendance.status == OPEN:
        tx.attendances.save(attendance)
        return
    center = centers_of(tx).get(attendance.center_id or "")
    graph = graph_of(tx, attendance)
    ended = center is not None and center.ends_the_process
    attendance.reopen(ended, graph.start() if graph else None)
    data = {"center": attendance.center_id, "position": attendance.position}
    author, name = tx.actor.id, tx.actor.name
    tx.entries.add(attendance.append(tx.new_id(), event.data["summary"], author, name, tx.now, SYSTEM, data=data))
    announce(tx, attendance, events.ATTENDANCE_REOPENED, center_id=attendance.center_id)


def _end(tx: AttendanceSession, event: ReceivedEvent, text: str) -> None:
    attendance = _conversation(tx, event)
    if attendance is None or not attendance.advance_opportunity(event.sequence):
        return
    if attendance.status == OPEN and attendance.filed != TRASHED:
        close(tx, attendance, text, followed_opportunity=True)
    else:
        tx.attendances.save(attendance)


def _open_conversation(tx: AttendanceSession, event: ReceivedEvent) -> Attendance | None:
    """The conversation, or None where it takes no more entries. Raises as `_conversation`."""
    attendance = _conversation(tx, event)
    return attendance if attendance and attendance.status == OPEN and attendance.filed != TRASHED else None


def _conversation(tx: AttendanceSession, event: ReceivedEvent) -> Attendance | None:
    """The conversation; None for an erased person's, and once it is deleted for good.

    Raises NotFound("attendance_not_found") while it may still be opened: the event is tried again.
    """
    return conversation_of(tx, event.data["attendance_id"], event.data["person_id"])
