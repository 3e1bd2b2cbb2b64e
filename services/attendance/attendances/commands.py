"""Attendances: opened, duplicated, changed, closed (rows A7, A11, A16)."""

from __future__ import annotations

import uuid
from typing import Any

from services.attendance import events
from services.attendance.attendances import contract
from services.attendance.attendances.model.attendance import CHANGE, OPEN, SYSTEM, Attendance
from services.attendance.attendances.model.contact_dates import next_contact
from services.attendance.filing.model import Share, filed_at_opening
from services.attendance.session import AttendanceSession
from services.attendance.shared import contract as shared_contract
from services.attendance.shared.loading import attendance_of, centers_of, today, type_to_open, who_sees
from services.attendance.timeline.writing import announce_change, close, description_of_change, explain, record
from services.attendance.types.model.types import Type
from services.chassis.errors import Conflict, NotReplicatedYet
from services.chassis.handling.entrypoints import command
from services.chassis.storage.rows import Document

# An attendance opened with a deduplication key has an id made of it: opening twice cannot make a second one.
DEDUPLICATED = uuid.UUID("5b0f3e36-8a1d-5f0c-9a52-3f0f6f1f4a7e")


@command(
    takes=contract.OpenAttendance, gives=contract.OpenedAttendance, needs="attendance.write", section="attendances"
)
def open_attendance(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row A7.

    Raises NotFound("person_not_found", "contact_not_found", "type_not_found", "user_not_found"),
    Conflict("type_is_group", "type_inactive", "workflow_unpublished", "dedup_key_reused", "user_inactive"), what
    filing.model.filed_at_opening raises, and what the first center demands.
    """
    key = data["dedup_key"]
    known = tx.attendances.find(_id_of(tx, key)) if key else None
    if known is not None:
        return _opened(_same(tx, attendance_of(tx, known.id), data), created=False)
    person = tx.persons.get(data["person_id"])
    kind = type_to_open(tx, data["type_id"] or tx.options.get().default_type_id)
    fields = {name: data[name] for name in ("title", "due_at", "next_user_id", "dedup_key")}
    if data["next_user_id"]:
        tx.users.require(data["next_user_id"])
    fields["contact"] = _contact(person, data["contact"])
    flow = tx.flow_of_the_user(data["flow_id"]) if data["flow_id"] else None
    fields |= filed_at_opening(flow, data["tag_ids"], tx.now)
    fields["contact_name"] = fields["contact"] or person["name"]
    attendance = open_on(tx, _id_of(tx, key), data["person_id"], kind, has_text=bool(data["text"]), **fields)
    if data["text"]:
        record(tx, attendance, person, data["text"])
    tx.drafts.discard(tx.actor.id, attendance.person_id, None)
    return _opened(attendance, created=True)


@command(
    takes=contract.DuplicateAttendance,
    gives=shared_contract.Attendance,
    needs="attendance.write",
    section="attendances",
)
def duplicate_attendance(tx: AttendanceSession, data: dict[str, Any]) -> Attendance:
    """Row A11: a new attendance with the main data of another; its first entry says so. Its workflow begins anew."""
    original = attendance_of(tx, data["attendance_id"])
    names = ("title", "contact", "contact_name", "due_at", "flow_id", "tags")
    fields = {name: getattr(original, name) for name in names}
    kind = type_to_open(tx, original.type_id)
    copy = open_on(tx, tx.new_id(), original.person_id, kind, enforce=False, duplicate_of=original.id, **fields)
    text = f"Duplicado do atendimento nº {original.reference}."
    explain(tx, copy, SYSTEM, text, data={"duplicate_of": original.id, "reference": original.reference})
    announce_change(tx, copy, "duplicate_of")
    return copy


def open_on(
    tx: AttendanceSession,
    attendance_id: str,
    person_id: str,
    kind: Type | None,
    *,
    with_cycle: bool = True,
    enforce: bool = True,
    has_text: bool = False,
    **fields: Any,
) -> Attendance:
    """Opens, at the start of the type's workflow; `enforce` what its first center demands of who sends there."""
    fields = {"opened_by": tx.actor.id, "reference": tx.attendances.next_reference(), **fields}
    attendance = Attendance.open(id=attendance_id, person_id=person_id, at=tx.now, **fields)
    if kind is not None:
        attendance.type_id = kind.id
        attendance.contact_date = next_contact(today(tx), kind.days_to_next_contact)
        attendance.cycle_id = kind.cycle_id if with_cycle else None
        if kind.workflow_id:
            _start(tx, attendance, kind.workflow_id, enforce, has_text)
    tx.flow_totals.shift(None, Share.of(attendance))
    tx.attendances.add(attendance)
    tx.publish(
        events.ATTENDANCE_OPENED,
        attendance.id,
        attendance.version,
        attendance_id=attendance.id,
        person_id=person_id,
        title=attendance.title,
        reference=attendance.reference,
        center_id=attendance.center_id,
        due_at=attendance.due_at,
        **who_sees(tx, attendance),
    )
    return attendance


def _start(tx: AttendanceSession, attendance: Attendance, workflow_id: str, enforce: bool, has_text: bool) -> None:
    """At the last published version, which it keeps; raises Conflict("workflow_unpublished")."""
    version = tx.versions.get(workflow_id, tx.workflows.get(workflow_id).published)
    attendance.start(workflow_id, version.number, version.graph.start())
    if enforce and attendance.center_id is not None:
        centers_of(tx)[attendance.center_id].receive(has_text, attendance.next_user_id)


def _id_of(tx: AttendanceSession, key: str | None) -> str:
    return uuid.uuid5(DEDUPLICATED, f"{tx.company}|{key}").hex if key else tx.new_id()


def _opened(attendance: Attendance, created: bool) -> dict[str, Any]:
    derived = {name: getattr(attendance, name) for name in ("updated_at", "value", "currency", "quotes_in_approval")}
    return {**vars(attendance), **derived, "created": created}


def _same(tx: AttendanceSession, known: Attendance, data: dict[str, Any]) -> Attendance:
    """Of the same person, under whichever of the ids that lead to it."""
    if tx.redirects.current(known.person_id) != tx.redirects.current(data["person_id"]):
        raise Conflict("dedup_key_reused", "Esta chave já abriu um atendimento de outra pessoa.")
    return known


def _contact(person: Document, name: str | None) -> str | None:
    """As it is registered; a contact added a moment ago may still be on its way."""
    if name is None:
        return None
    wanted = name.casefold()
    found = next((one for one in person.get("contacts", []) if one.casefold() == wanted), None)
    if found is None:
        raise NotReplicatedYet("contact_not_found", f"{person['name']} não tem o contato “{name}”.", awaited=None)
    return str(found)


CLOSE_OUTSIDE = "attendance.supervise"


@command(
    takes=contract.CloseAttendance, gives=shared_contract.Attendance, needs="attendance.write", section="attendances"
)
def close_attendance(tx: AttendanceSession, data: dict[str, Any]) -> Attendance:
    """Without a workflow; one that follows a workflow is closed by its centers, or by a supervisor.

    Raises Conflict("attendance_already_closed" or "attendance_follows_workflow").
    """
    attendance = attendance_of(tx, data["attendance_id"])
    follows = attendance.workflow_id is not None and attendance.status == OPEN
    if follows and not tx.actor.holds(CLOSE_OUTSIDE):
        raise Conflict(
            "attendance_follows_workflow",
            "O workflow encerra este atendimento: encaminhe-o a um centro que encerre o processo.",
        )
    close(tx, attendance, "Encerrado fora do workflow." if follows else "Encerrado.")
    return attendance


@command(
    takes=contract.ChangeAttendance, gives=shared_contract.Attendance, needs="attendance.write", section="attendances"
)
def change_attendance(tx: AttendanceSession, data: dict[str, Any]) -> Attendance:
    """Row A11: subject and internal contact date; raises Conflict("attendance_closed")."""
    attendance = attendance_of(tx, data.pop("attendance_id"))
    attendance.require_open()
    before = {name: getattr(attendance, name) for name in data}
    changed = {name: value for name, value in data.items() if value != before[name]}
    if "title" in changed:
        attendance.rename(changed["title"])
    if "internal_contact_date" in changed:
        attendance.plan_internal_contact(changed["internal_contact_date"])
    if changed:
        text = "\n".join(description_of_change(name, before[name], value) for name, value in changed.items())
        facts = {name: [_plain(before[name]), _plain(value)] for name, value in changed.items()}
        explain(tx, attendance, CHANGE, text, data=facts)
        announce_change(tx, attendance, *changed)
    return attendance


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else value.isoformat()
