"""What `attendance` announces."""

from __future__ import annotations

from marshmallow import fields

from services.attendance.attachments.contract import AttachmentSummary
from services.chassis.inputs import Base64
from services.chassis.schemas import DataErased, Event, EventData

SERVICE = "attendance"


class AnnouncedFlow(EventData):
    """The flow that an attendance is filed in, as it was then: `users` may use it, and nobody else sees what it holds.

    `version` is the flow's: a reader's copy of the flow takes what is newer (flow_changed).
    """

    flow_id = fields.String(required=True)
    version = fields.Integer(required=True)
    users = fields.List(fields.String(), required=True)


class Filed(EventData):
    """What decides who sees the attendance (services/chassis/access/visibility.py): its type, and its flow; null in
    none."""

    type_id = fields.String(allow_none=True)
    flow = fields.Nested(AnnouncedFlow, allow_none=True)


class AttendanceOpened(Filed):
    """`type_id`, `center_id`: null where it follows no workflow."""

    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    title = fields.String(required=True)
    reference = fields.Integer()
    center_id = fields.String(allow_none=True)
    due_at = fields.DateTime(allow_none=True)


class AnnouncedFile(EventData):
    """A file with its bytes (base64)."""

    name = fields.String(required=True)
    media_type = fields.String(required=True)
    content = Base64(required=True)


class EntryRecorded(Filed):
    """Carries what a watcher's e-mail needs: no consumer asks back.

    `contact_date` is the attendance's; `planned_contact_date` is what this entry plans, if it does.

    `notify_customer` (row A10): its author chose that the customer receives a copy, at `customer_email`.
    Only then `files` are the attachments that go with it, of at most 5 MiB in all; `left_out` names those without room.
    """

    attendance_id = fields.String(required=True)
    entry_id = fields.String(required=True)
    person_id = fields.String(required=True)
    person_name = fields.String(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    author_name = fields.String(required=True)
    recorded_at = fields.DateTime(required=True)
    reference = fields.Integer()
    center_id = fields.String(allow_none=True)
    contact_date = fields.Date(allow_none=True)
    planned_contact_date = fields.Date(allow_none=True)
    notify_customer = fields.Boolean()
    customer_email = fields.String(allow_none=True)
    attachments = fields.List(fields.Nested(AttachmentSummary))
    files = fields.List(fields.Nested(AnnouncedFile))
    left_out = fields.List(fields.String())


class AttendanceMoved(EventData):
    """A step of the workflow was taken; the center stays the same where a decision led to another decision."""

    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    title = fields.String(required=True)
    type_id = fields.String(required=True, allow_none=True)
    from_center_id = fields.String(required=True, allow_none=True)
    center_id = fields.String(required=True, allow_none=True)
    center_name = fields.String(required=True, allow_none=True)
    next_user_id = fields.String(required=True, allow_none=True)
    position = fields.Integer(required=True)


class AttendanceChanged(EventData):
    """Its subject, a date or its cycle's answers changed; `what` names them."""

    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    title = fields.String(required=True)
    internal_contact_date = fields.Date(required=True, allow_none=True)
    what = fields.List(fields.String(), required=True)


class AttendanceFiled(Filed):
    """`change`: archived, unarchived, trashed, restored, moved or tagged; the rest is as it is after it."""

    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    change = fields.String(required=True)
    filed = fields.String(required=True)
    flow_id = fields.String(required=True, allow_none=True)
    tag_ids = fields.List(fields.String(), required=True)


class FlowChanged(EventData):
    """A flow is new, or its users or its state changed; all as it is now. A deleted one has no users, and is inactive.

    Its aggregate is the flow, and `sequence` the flow's version, which changes of its tags count up as well.
    """

    flow_id = fields.String(required=True)
    users = fields.List(fields.String(), required=True)
    active = fields.Boolean(required=True)


class AttendancePurged(EventData):
    """It is gone, with all that belonged to it; the last event of an attendance."""

    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)


class AttendanceClosed(EventData):
    """`followed_opportunity`: only because its opportunity was closed or deleted; sales need not hear it again."""

    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    followed_opportunity = fields.Boolean()


class AttendanceReopened(EventData):
    """Its opportunity was reopened; `center_id`: where its workflow goes on, null without one."""

    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    title = fields.String(required=True)
    center_id = fields.String(required=True, allow_none=True)


ATTENDANCE_OPENED = Event(SERVICE, "attendance_opened", AttendanceOpened)
ENTRY_RECORDED = Event(SERVICE, "entry_recorded", EntryRecorded)
ATTENDANCE_MOVED = Event(SERVICE, "attendance_moved", AttendanceMoved)
ATTENDANCE_CHANGED = Event(SERVICE, "attendance_changed", AttendanceChanged)
ATTENDANCE_CLOSED = Event(SERVICE, "attendance_closed", AttendanceClosed)
ATTENDANCE_REOPENED = Event(SERVICE, "attendance_reopened", AttendanceReopened)
PERSON_DATA_ERASED = Event(SERVICE, "person_data_erased", DataErased)
ATTENDANCE_FILED = Event(SERVICE, "attendance_filed", AttendanceFiled)
ATTENDANCE_PURGED = Event(SERVICE, "attendance_purged", AttendancePurged)
FLOW_CHANGED = Event(SERVICE, "flow_changed", FlowChanged)
EVENTS = (
    ATTENDANCE_OPENED,
    ENTRY_RECORDED,
    ATTENDANCE_MOVED,
    ATTENDANCE_CHANGED,
    ATTENDANCE_CLOSED,
    ATTENDANCE_REOPENED,
    PERSON_DATA_ERASED,
    ATTENDANCE_FILED,
    ATTENDANCE_PURGED,
    FLOW_CHANGED,
)
