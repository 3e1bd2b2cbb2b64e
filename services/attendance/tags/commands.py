"""Changing and ordering the tags of a flow, and linking them to attendances (row A6)."""

from __future__ import annotations

from typing import Any

from services.attendance.attendances.model.attendance import Attendance
from services.attendance.filing.model import retag
from services.attendance.filing.settling import settle
from services.attendance.flows import contract as flows_contract
from services.attendance.flows.model import Flow
from services.attendance.session import AttendanceSession
from services.attendance.shared import contract as shared_contract
from services.attendance.shared.loading import attendance_of
from services.attendance.tags import contract
from services.attendance.tags.model import Ordering, Tag
from services.attendance.tags.presenting import present_tag, present_tags
from services.chassis.errors import NotFound
from services.chassis.handling.entrypoints import command

Data = dict[str, Any]

WRITE = "attendance.write"


@command(takes=contract.CreateTag, gives=contract.SavedTag, needs=WRITE, section="attendances")
def create_tag(tx: AttendanceSession, data: Data) -> Data:
    """Raises Conflict("tag_exists", "tag_reserved" or "tag_limit_reached")."""
    flow = tx.flow_of_the_user(data["flow_id"])
    tag = flow.board.add(Tag(tx.new_id(), data["name"], data["colour"]))
    tx.flows.save(flow)
    return {**present_tag(tag), "version": flow.version}


@command(takes=contract.ChangeTag, gives=contract.SavedTag, needs=WRITE, section="attendances")
def change_tag(tx: AttendanceSession, data: Data) -> Data:
    """Raises Conflict("tag_fixed", "tag_exists" or "tag_reserved")."""
    flow = tx.flow_of_the_user(data["flow_id"])
    tag = flow.board.change(data["tag_id"], data.get("name"), data.get("colour"))
    tx.flows.save(flow)
    return {**present_tag(tag), "version": flow.version}


@command(takes=contract.TagById, gives=shared_contract.Deleted, needs=WRITE, section="attendances")
def delete_tag(tx: AttendanceSession, data: Data) -> Data:
    """Deletes the tag, which no attendance shows any more; raises NotFound("tag_not_found"), Conflict("tag_fixed")."""
    flow = tx.flow_of_the_user(data["flow_id"])
    flow.board.delete(data["tag_id"])
    tx.flows.save(flow)
    return {"id": data["tag_id"], "deleted": True}


@command(takes=flows_contract.FlowById, gives=contract.TagOrdering, needs=WRITE, section="attendances")
def take_tag_ordering(tx: AttendanceSession, data: Data) -> Ordering:
    """Takes the lock for ordering tags, which blocks linking; raises Conflict("ordering_taken")."""
    flow = tx.flow_of_the_user(data["flow_id"])
    ordering = flow.board.take(tx.actor.id, tx.actor.name, tx.now)
    tx.flows.save(flow)
    return ordering


@command(takes=flows_contract.FlowById, gives=contract.TagOrdering, needs=WRITE, section="attendances")
def renew_tag_ordering(tx: AttendanceSession, data: Data) -> Ordering:
    """Extends the user's lock by ORDERING_SECONDS from now; raises Conflict("ordering_not_held")."""
    flow = tx.flow_of_the_user(data["flow_id"])
    ordering = flow.board.renew(tx.actor.id, tx.actor.name, tx.now)
    tx.flows.save(flow)
    return ordering


@command(takes=flows_contract.FlowById, gives=contract.Tags, needs=WRITE, section="attendances")
def release_tag_ordering(tx: AttendanceSession, data: Data) -> Data:
    """Gives up the lock; raises Conflict("ordering_taken") if another user holds it."""
    flow = tx.flow_of_the_user(data["flow_id"])
    flow.board.release(tx.actor.id, tx.now)
    tx.flows.save(flow)
    return present_tags(flow, tx.now)


@command(takes=contract.OrderTags, gives=contract.Tags, needs=WRITE, section="attendances")
def order_tags(tx: AttendanceSession, data: Data) -> Data:
    """Raises Conflict("ordering_not_held") or Invalid("order_incomplete")."""
    flow = tx.flow_of_the_user(data["flow_id"])
    flow.board.order(data["tag_ids"], tx.actor.id, tx.now)
    tx.flows.save(flow)
    return present_tags(flow, tx.now)


@command(takes=contract.TagAttendances, gives=contract.TaggedAttendances, needs=WRITE, section="attendances")
def tag_attendances(tx: AttendanceSession, data: Data) -> Data:
    """Links and unlinks tags in all the attendances or in none.

    Raises Conflict("tags_being_ordered", "tag_fixed" or "attendance_trashed"), NotFound("tag_not_found",
    "attendance_not_found" or "attendance_not_in_flow").
    """
    flow = tx.flow_of_the_user(data["flow_id"])
    link = flow.board.linkable(data["link"], tx.now)
    unlink = flow.board.linkable(data["unlink"], tx.now)
    return {"items": [_retag(tx, flow, name, link, unlink) for name in dict.fromkeys(data["attendance_ids"])]}


def _retag(tx: AttendanceSession, flow: Flow, attendance_id: str, link: list[Tag], unlink: list[Tag]) -> Data:
    attendance = _in_flow(tx, flow, attendance_id)
    step = retag(attendance, link, unlink)
    if step is not None:
        settle(tx, attendance, step)
    tags = flow.board.living(attendance.tags)
    return {"attendance_id": attendance.id, "tags": [present_tag(tag) for tag in tags]}


def _in_flow(tx: AttendanceSession, flow: Flow, attendance_id: str) -> Attendance:
    attendance = attendance_of(tx, attendance_id)
    if attendance.flow_id != flow.id:
        raise NotFound("attendance_not_in_flow", "O atendimento não está neste fluxo.", attendance_id=attendance_id)
    return attendance
