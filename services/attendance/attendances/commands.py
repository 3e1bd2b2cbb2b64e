"""Opening, duplicating, changing and closing attendances (rows A7, A8, A11)."""

from __future__ import annotations

from typing import Any

from services.attendance import events
from services.attendance.attachments.commands import rule_of
from services.attendance.attendances import contract
from services.attendance.attendances.model.attendance import CHANGE, OPEN, SYSTEM, Attendance
from services.attendance.entries.copies import customer_email
from services.attendance.entries.texts import opens_with_entry, standard_text_fields, text_of_entry
from services.attendance.filing.model import Share, filed_at_opening
from services.attendance.session import AttendanceSession
from services.attendance.shared import contract as shared_contract
from services.attendance.shared.loading import (
    attendance_of,
    centers_of,
    id_of_key,
    require_same_person,
    today,
    type_to_open,
    who_sees,
)
from services.attendance.shared.products import find_subject_product
from services.attendance.timeline.writing import announce_change, close, description_of_change, explain, record
from services.attendance.types.model.types import Type
from services.chassis.errors import Conflict, NotReplicatedYet
from services.chassis.handling.entrypoints import command
from services.chassis.storage.rows import Document

# The permission to close an attendance that follows a workflow.
CLOSE_OUTSIDE = "attendance.supervise"
# The fields that a duplicate takes over.
DUPLICATED = ("title", "contact", "contact_name", "due_at", "flow_id", "tags", "subject_product", "subject_product_id")


@command(
    takes=contract.OpenAttendance, gives=contract.OpenedAttendance, needs="attendance.write", section="attendances"
)
def open_attendance(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row A7: opens an attendance, or answers the one that the same deduplication key opened before.

    Raises NotFound("person_not_found", "contact_not_found", "type_not_found", "user_not_found"),
    Conflict("type_is_group", "type_inactive", "workflow_unpublished", "dedup_key_reused", "user_inactive"), what
    filing.model.filed_at_opening raises, for the first center Invalid("entry_text_required", "next_user_required"),
    and of the first entry what record_entry and Rule.check_recorded raise.
    """
    attendance_id = id_of_key(tx, data["dedup_key"]) if data["dedup_key"] else tx.new_id()
    if data["dedup_key"] and tx.attendances.find(attendance_id) is not None:
        earlier = attendance_of(tx, attendance_id)
        require_same_person(tx, earlier.person_id, data["person_id"])
        return _present_opened(earlier, created=False)
    person = tx.persons.get(data["person_id"])
    attendance_type = type_to_open(tx, data["type_id"] or tx.options.get().default_type_id)
    fields = {name: data[name] for name in ("title", "due_at", "next_user_id", "dedup_key")}
    if data["next_user_id"]:
        tx.users.require(data["next_user_id"])
    fields["contact"] = _registered_contact(person, data["contact"])
    flow = tx.flow_of_the_user(data["flow_id"]) if data["flow_id"] else None
    fields |= filed_at_opening(flow, data["tag_ids"], tx.now)
    fields["contact_name"] = fields["contact"] or person["name"]
    fields["subject_product"], fields["subject_product_id"] = find_subject_product(tx, data)
    has_text = opens_with_entry(data)
    attendance = open_on(tx, attendance_id, data["person_id"], attendance_type, has_text=has_text, **fields)
    if has_text:
        _record_first_entry(tx, attendance, person, attendance_type, data)
    if data["dedup_key"]:
        tx.openings.delete(attendance_id)
    tx.drafts.forget(tx.actor.id, attendance.person_id, None)
    return _present_opened(attendance, created=True)


def _record_first_entry(
    tx: AttendanceSession, attendance: Attendance, person: Document, kind: Type | None, data: dict[str, Any]
) -> None:
    """Rows A7, A10: the first entry, with its files; the customer's copy of it where that was chosen."""
    text = text_of_entry(tx, attendance, person, kind, data)
    email = customer_email(tx, person) if data["notify_customer"] else None
    entry = record(
        tx, attendance, person, text, email, data["attachment_ids"], **standard_text_fields(data["standard_text_id"])
    )
    rule_of(kind).check_recorded([one["size"] for one in entry.attachments])


@command(
    takes=contract.DuplicateAttendance,
    gives=shared_contract.Attendance,
    needs="attendance.write",
    section="attendances",
)
def duplicate_attendance(tx: AttendanceSession, data: dict[str, Any]) -> Attendance:
    """Row A11: opens an attendance with the main data of another, at the start of its workflow; an entry says so.

    Raises NotFound("attendance_not_found", "type_not_found"), Conflict("type_is_group", "type_inactive",
    "workflow_unpublished").
    """
    original = attendance_of(tx, data["attendance_id"])
    fields = {name: getattr(original, name) for name in DUPLICATED}
    attendance_type = type_to_open(tx, original.type_id)
    fields["duplicate_of"] = original.id
    copy = open_on(tx, tx.new_id(), original.person_id, attendance_type, enforce=False, **fields)
    text = f"Duplicado do atendimento nº {original.reference}."
    explain(tx, copy, SYSTEM, text, data={"duplicate_of": original.id, "reference": original.reference})
    announce_change(tx, copy, "duplicate_of")
    return copy


def open_on(
    tx: AttendanceSession,
    attendance_id: str,
    person_id: str,
    attendance_type: Type | None,
    *,
    with_cycle: bool = True,
    enforce: bool = True,
    has_text: bool = False,
    **fields: Any,
) -> Attendance:
    """Opens an attendance of a person at the start of the type's workflow, and publishes attendance_opened.

    `enforce`: apply the demands of the first center; `has_text`: a first entry has a text, which one may demand.
    `fields`: further fields of the attendance. Raises Conflict("workflow_unpublished").
    """
    fields = {"opened_by": tx.actor.id, "reference": tx.attendances.next_reference(), **fields}
    attendance = Attendance.open(id=attendance_id, person_id=person_id, at=tx.now, **fields)
    if attendance_type is not None:
        attendance.type_id = attendance_type.id
        attendance.contact_date = attendance_type.next_contact(today(tx))
        attendance.cycle_id = attendance_type.cycle_id if with_cycle else None
        if attendance_type.workflow_id:
            _start(tx, attendance, attendance_type.workflow_id, enforce, has_text)
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
        has_entry=has_text,
        **who_sees(tx, attendance),
    )
    return attendance


def _start(tx: AttendanceSession, attendance: Attendance, workflow_id: str, enforce: bool, has_text: bool) -> None:
    """Starts the last published version of the workflow; raises Conflict("workflow_unpublished")."""
    version = tx.versions.get(workflow_id, tx.workflows.get(workflow_id).published)
    attendance.start(workflow_id, version.number, version.graph.start())
    if enforce and attendance.center_id is not None:
        centers_of(tx)[attendance.center_id].receive(has_text, attendance.next_user_id)


def _present_opened(attendance: Attendance, created: bool) -> dict[str, Any]:
    names = ("updated_at", "value", "currency", "quotes_in_approval", "product")
    derived = {name: getattr(attendance, name) for name in names}
    return {**vars(attendance), **derived, "created": created}


def _registered_contact(person: Document, name: str | None) -> str | None:
    """The contact's name as registered, found without case; None without a name.

    Raises NotReplicatedYet("contact_not_found"): a contact added just now may not have arrived yet.
    """
    if name is None:
        return None
    wanted = name.casefold()
    contact = next((known for known in person.get("contacts", []) if known.casefold() == wanted), None)
    if contact is None:
        raise NotReplicatedYet("contact_not_found", f"{person['name']} não tem o contato “{name}”.", awaited=None)
    return str(contact)


@command(
    takes=contract.CloseAttendance, gives=shared_contract.Attendance, needs="attendance.write", section="attendances"
)
def close_attendance(tx: AttendanceSession, data: dict[str, Any]) -> Attendance:
    """Row A8: closes an attendance without a workflow; one with a workflow is closed by a center, or by a supervisor.

    Raises Conflict("attendance_already_closed", "attendance_trashed" or "attendance_follows_workflow").
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
    """Rows A7, A11: changes title, dates, contact or product.

    Raises Conflict("attendance_closed", "attendance_trashed"), NotFound("contact_not_found").
    """
    attendance = attendance_of(tx, data.pop("attendance_id"))
    attendance.require_open()
    person = tx.persons.get(attendance.person_id)
    if data.get("contact"):
        data["contact"] = _registered_contact(person, data["contact"])
    product_id = data.pop("product_id", None)
    if product_id or "product" in data:
        data["product"], product_id = find_subject_product(
            tx, {"product": data.get("product"), "product_id": product_id}
        )
    before = {name: getattr(attendance, "subject_product" if name == "product" else name) or None for name in data}
    changed = {name: value for name, value in data.items() if value != before[name]}
    if "product" in data and product_id != (attendance.subject_product_id or None):
        changed["product"] = data["product"]
    attendance.revise(person["name"], {**changed, "product_id": product_id})
    if changed:
        zone = tx.zone.get()
        text = "\n".join(description_of_change(name, before[name], value, zone) for name, value in changed.items())
        facts = {name: [_json_value(before[name]), _json_value(value)] for name, value in changed.items()}
        explain(tx, attendance, CHANGE, text, data=facts)
        announce_change(tx, attendance, *changed)
    return attendance


def _json_value(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else value.isoformat()
