"""Which attendance a received message belongs to: the one that it answers, the one that goes on from there, the
person's open one, or a new one (row N10)."""

from __future__ import annotations

from typing import Any

from services.attendance.attendances.commands import open_on
from services.attendance.attendances.model.attendance import OPEN, SYSTEM, TRASHED, Attendance, title_of
from services.attendance.received.model import (
    AUTOMATIC,
    MOST_FOLLOWING,
    TITLES,
    ReceivingRule,
    following_id,
    opened_id,
)
from services.attendance.session import AttendanceSession
from services.attendance.timeline.writing import explain
from services.attendance.types.model.types import GROUP, Tree, Type

Message = dict[str, Any]
# The fields that an attendance takes over from the closed one that it continues; the flow decides who sees it.
CONTINUED = ("title", "contact", "contact_name", "flow_id", "tags", "subject_product", "subject_product_id")


def attendance_for(tx: AttendanceSession, message: Message) -> Attendance | None:
    """The open attendance that the message becomes an entry of; None where the message waits for a user.

    An automatic answer (out of office) neither opens nor continues an attendance.
    """
    answered = _find_answered(tx, message)
    if answered is not None and answered.status == OPEN:
        return answered
    if message["kind"] == AUTOMATIC:
        return None
    rule = tx.receiving_rules.get()
    if answered is not None:
        return _continue(tx, answered, rule)
    latest = tx.queries.latest_open(_person(tx, message)) if rule.joins_open and message["verified"] else None
    if latest is not None or not rule.opens:
        return latest
    title = title_of(message["subject"]) or TITLES[message["channel"]]
    person = tx.persons.get(message["person_id"])
    fields = {"title": title, "contact_name": person["name"]}
    return _open(tx, opened_id(tx.company, message["message_id"]), person["_id"], rule, fields)


def _find_answered(tx: AttendanceSession, message: Message) -> Attendance | None:
    """The attendance that the message answers; None if there is none, it is in the trash, or it is another person's."""
    found = tx.attendances.find(message["attendance_id"]) if message["attendance_id"] else None
    if found is None or found.filed == TRASHED:
        return None
    return found if tx.redirects.current(found.person_id) == _person(tx, message) else None


def _person(tx: AttendanceSession, message: Message) -> str:
    return tx.redirects.current(message["person_id"])


def _continue(tx: AttendanceSession, closed: Attendance, rule: ReceivingRule) -> Attendance | None:
    """The open attendance that continues a closed one, opened if need be; None where the rule opens none."""
    following = following_id(tx.company, closed.id)
    for _ in range(MOST_FOLLOWING):
        found = tx.attendances.find(following)
        if found is None and not tx.attendances.is_purged(following):
            break
        if found is not None and found.status == OPEN and found.filed != TRASHED:
            return found
        following = following_id(tx.company, following)
    if not rule.opens:
        return None
    fields = {name: getattr(closed, name) for name in CONTINUED}
    fields["next_user_id"] = closed.next_user_id or closed.opened_by
    attendance = _open(tx, following, closed.person_id, rule, fields, closed.type_id)
    text = f"Continuação do atendimento nº {closed.reference}, que está encerrado."
    came_from = {"continues": closed.id, "reference": closed.reference}
    explain(tx, attendance, SYSTEM, text, written_by=("", "Vínculo"), data=came_from)
    return attendance


def _open(
    tx: AttendanceSession,
    attendance_id: str,
    person_id: str,
    rule: ReceivingRule,
    fields: dict[str, Any],
    type_id: str | None = None,
) -> Attendance:
    """Opens an attendance of the first usable type among `type_id`, the rule's and the company's default."""
    kind = _first_usable_type(tx, type_id, rule.type_id, tx.options.get().default_type_id)
    responsible = fields.pop("next_user_id", None) or rule.responsible_id
    return open_on(
        tx, attendance_id, person_id, kind, enforce=False, has_text=True, opened_by=None, next_user_id=responsible,
        **fields,
    )  # fmt: skip


def _first_usable_type(tx: AttendanceSession, *type_ids: str | None) -> Type | None:
    types = tx.types.all()
    tree = Tree(types)
    leaves = {one.id: one for one in types if one.kind != GROUP and tree.is_active(one.id)}
    return next((tree.effective(leaves[one]) for one in type_ids if one in leaves), None)
