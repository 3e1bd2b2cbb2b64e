"""What happens to an opportunity, and what it does to its conversation.

Events come in any order: where the conversation is not open yet, NotFound lets the chassis try again. An erased
person's is not waited for: it may never open.
"""

from __future__ import annotations

from services.attendance import contract, domain
from services.attendance.store import AttendanceSession
from services.attendance.use_cases.telling import close, record
from services.chassis.entrypoints import subscribe
from services.chassis.errors import NotFound
from services.chassis.subscriptions import Heard


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
    attendance = _open_conversation(tx, event)
    if attendance is not None:
        close(tx, attendance, "O contato de venda foi encerrado.")


@subscribe("sales", "opportunity_deleted", takes=contract.ConversationSeen)
def on_sales_opportunity_deleted(tx: AttendanceSession, event: Heard) -> None:
    """The conversation stays in the person's history."""
    attendance = _open_conversation(tx, event)
    if attendance is not None:
        close(tx, attendance, "O contato de venda foi excluído.")


def _open_conversation(tx: AttendanceSession, event: Heard) -> domain.Attendance | None:
    """None where it takes no more; raises NotFound("attendance_not_found") while it may still be opened."""
    found = tx.attendances.find(event.data["attendance_id"])
    if found is not None:
        return found if found.status == domain.OPEN and found.filed != domain.TRASHED else None
    if tx.persons.erased(event.data["person_id"]):
        return None
    raise NotFound("attendance_not_found", "Atendimento não encontrado.")
