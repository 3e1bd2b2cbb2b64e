"""What happens to an opportunity, and what it does to its conversation.

Events come in any order: where the conversation is not open yet, NotFound lets the chassis try again. An erased
person's is not waited for: it may never open.
"""

from __future__ import annotations

from typing import Any

from services.attendance import contract, domain
from services.attendance.domain import title_of
from services.attendance.store import AttendanceSession
from services.attendance.use_cases.looking import centers_of, graph_of
from services.attendance.use_cases.telling import announce, announce_change, close, explain_rename, record
from services.chassis import ids
from services.chassis.entrypoints import query, subscribe
from services.chassis.errors import NotArrived, NotFound
from services.chassis.schemas import ById
from services.chassis.subscriptions import Heard

# A conversation that was not opened by then was deleted for good: its name is not waited for.
LOST_SECONDS = 7 * 86_400.0


@query(takes=ById, gives=contract.ConversationOpened, needs="sales.read", section="opportunities")
def get_conversation(session: AttendanceSession, data: dict[str, Any]) -> dict[str, str]:
    """Answers once an opportunity's conversation is there: the chassis asks again for a moment.

    Raises NotFound("attendance_not_found"). Nothing of it is told, so whoever made its opportunity may ask.
    """
    if not session.attendances.has(data["id"]):
        raise NotArrived("attendance_not_found", "Atendimento não encontrado.", awaited=data["id"])
    return {"id": data["id"]}


@subscribe("sales", "opportunity_changed", takes=contract.OpportunityRenamed)
def on_sales_opportunity_changed(tx: AttendanceSession, event: Heard) -> None:
    """A renamed opportunity's conversation bears its name, and its history says so."""
    age = ids.age(event.data["attendance_id"])
    lost = age is not None and age > LOST_SECONDS and not tx.attendances.has(event.data["attendance_id"])
    if not event.data["renamed"] or lost:
        return
    attendance = _conversation(tx, event)
    if attendance is None or tx.persons.erased(attendance.person_id):
        return
    before, title = attendance.title, title_of(event.data["description"])
    if not attendance.follow_title(title, event.sequence):
        tx.attendances.save(attendance)
        return
    explain_rename(tx, attendance, before, at=event.at)
    announce_change(tx, attendance, "title")


@subscribe("sales", "action_added", takes=contract.ActionSeen)
def on_sales_action_added(tx: AttendanceSession, event: Heard) -> None:
    """An entry with the action's id, kind and time; a conversation closed or trashed meanwhile takes none."""
    attendance = _open_conversation(tx, event)
    if attendance is not None and not tx.persons.erased(attendance.person_id):
        person = tx.persons.get(attendance.person_id)
        told = {"id": event.data["action_id"], "at": event.at}
        record(tx, attendance, person, event.data["text"], kind=event.data["kind"], **told)


@subscribe("sales", "opportunity_closed", takes=contract.ConversationSeen)
def on_sales_opportunity_closed(tx: AttendanceSession, event: Heard) -> None:
    _end(tx, event, event.data["summary"] or "O contato de venda foi encerrado.")


@subscribe("sales", "opportunity_deleted", takes=contract.ConversationSeen)
def on_sales_opportunity_deleted(tx: AttendanceSession, event: Heard) -> None:
    """The conversation stays in the person's history."""
    _end(tx, event, "O contato de venda foi excluído.")


@subscribe("sales", "opportunity_reopened", takes=contract.ConversationSeen)
def on_sales_opportunity_reopened(tx: AttendanceSession, event: Heard) -> None:
    """Row S16: the conversation goes on, its history says why; where a workflow ended it, from the place before."""
    attendance = _conversation(tx, event)
    if attendance is None or not attendance.hears_opportunity(event.sequence):
        return
    if attendance.status == domain.OPEN:
        tx.attendances.save(attendance)
        return
    center = centers_of(tx).get(attendance.center_id or "")
    graph = graph_of(tx, attendance)
    ended = center is not None and center.ends_the_process
    attendance.reopen(ended, graph.start() if graph else None)
    data = {"center": attendance.center_id, "position": attendance.position}
    author, name = tx.actor.id, tx.actor.name
    tx.entries.add(
        attendance.append(tx.new_id(), event.data["summary"], author, name, tx.now, domain.SYSTEM, data=data)
    )
    announce(tx, attendance, contract.ATTENDANCE_REOPENED, center_id=attendance.center_id)


def _end(tx: AttendanceSession, event: Heard, text: str) -> None:
    attendance = _conversation(tx, event)
    if attendance is None or not attendance.hears_opportunity(event.sequence):
        return
    if attendance.status == domain.OPEN and attendance.filed != domain.TRASHED:
        close(tx, attendance, text, followed_opportunity=True)
    else:
        tx.attendances.save(attendance)


def _open_conversation(tx: AttendanceSession, event: Heard) -> domain.Attendance | None:
    """None where it takes no more entries."""
    found = _conversation(tx, event)
    return found if found and found.status == domain.OPEN and found.filed != domain.TRASHED else None


def _conversation(tx: AttendanceSession, event: Heard) -> domain.Attendance | None:
    """None for an erased person's; raises NotFound("attendance_not_found") while it may still be opened."""
    found = tx.attendances.find(event.data["attendance_id"])
    if found is None and not tx.persons.erased(event.data["person_id"]):
        raise NotFound("attendance_not_found", "Atendimento não encontrado.")
    return found
