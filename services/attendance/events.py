"""The events that `attendance` publishes."""

from __future__ import annotations

from marshmallow import fields

from services.attendance.attachments.contract import AttachmentSummary
from services.chassis.inputs import Base64
from services.chassis.schemas import DataErased, Event, EventData

SERVICE = "attendance"


class AnnouncedFlow(EventData):
    """The flow of an attendance when the event was published; only `users` see the flow's attendances.

    `version` is the flow's: a consumer's replica keeps the newest (see flow_changed).
    """

    flow_id = fields.String(required=True)
    version = fields.Integer(required=True)
    users = fields.List(fields.String(), required=True)


class Filed(EventData):
    """The type and flow of the attendance, which decide who sees it (services/chassis/access/visibility.py)."""

    type_id = fields.String(allow_none=True)
    flow = fields.Nested(AnnouncedFlow, allow_none=True)


class AttendanceOpened(Filed):
    """`center_id` is null without a workflow, or if the workflow starts with a decision. `has_entry`: a first entry was
    recorded with it, which is announced by itself."""

    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    title = fields.String(required=True)
    reference = fields.Integer()
    center_id = fields.String(allow_none=True)
    due_at = fields.DateTime(allow_none=True)
    has_entry = fields.Boolean()


class AnnouncedFile(EventData):
    """A file with its bytes (base64)."""

    name = fields.String(required=True)
    media_type = fields.String(required=True)
    content = Base64(required=True)


class AnnouncedEmail(EventData):
    """Whom an entry is sent to as an e-mail, and under which subject."""

    to = fields.List(fields.String(), required=True)
    subject = fields.String(required=True)


class EntryRecorded(Filed):
    """Carries all that a watcher's e-mail needs, so that no consumer has to query this service.

    `contact_date` is the attendance's next contact; `planned_contact_date` is the one set by this entry, or null.

    `notify_customer` (row A10): the customer receives a copy at `customer_email`. `email` (row N3): the entry is an
    e-mail. Only in these cases `files` holds attachments, at most 5 MiB in all; `left_out` names those that exceed it.
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
    kind = fields.String()
    email = fields.Nested(AnnouncedEmail, allow_none=True)
    # written by a program (out of office): nobody is notified
    automatic = fields.Boolean()
    # users who are notified besides the person's watchers: of a customer's message, the user responsible for it
    told_user_ids = fields.List(fields.String())


class AttendanceMoved(EventData):
    """A step of the workflow was taken; the center is the same if the step led to a decision."""

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
    """Fields of the attendance or answers of its cycle changed; `what` names them."""

    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    title = fields.String(required=True)
    internal_contact_date = fields.Date(required=True, allow_none=True)
    what = fields.List(fields.String(), required=True)


class AttendanceFiled(Filed):
    """`change`: archived, unarchived, trashed, restored, moved or tagged; the other fields show the state after it."""

    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    change = fields.String(required=True)
    filed = fields.String(required=True)
    flow_id = fields.String(required=True, allow_none=True)
    tag_ids = fields.List(fields.String(), required=True)


class FlowChanged(EventData):
    """The current state of a flow that is new or was changed. A deleted flow has no users and is inactive.

    The aggregate is the flow, and `sequence` the flow's version, which also counts changes of its tags.
    """

    flow_id = fields.String(required=True)
    users = fields.List(fields.String(), required=True)
    active = fields.Boolean(required=True)


class AttendancePurged(EventData):
    """The attendance was deleted with all that belonged to it; this is its last event."""

    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)


class AttendanceClosed(EventData):
    """`followed_opportunity`: closed because its opportunity was closed or deleted, which sales knows already."""

    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    followed_opportunity = fields.Boolean()


class AttendanceReopened(EventData):
    """Reopened with its opportunity; `center_id`: the center where its workflow goes on, null without one."""

    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    title = fields.String(required=True)
    center_id = fields.String(required=True, allow_none=True)


class MessageFiled(EventData):
    """Where a message of notifications was filed (row N10): as an entry of this attendance, or (null) nowhere.

    The aggregate is the message, `sequence` the announced version of it.
    """

    message_id = fields.String(required=True)
    attendance_id = fields.String(required=True, allow_none=True)


ADDRESS = ("street", "number", "complement", "district", "city", "state", "postal_code", "country")
RecipientAddress = EventData.from_dict(
    {name: fields.String(required=True) for name in ADDRESS}, name="RecipientAddress"
)


class MailingRecipient(EventData):
    """A person of a mailing's audience, passed on from people; only the id is read here, and nothing is stored."""

    person_id = fields.String(required=True)
    code = fields.Integer(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    address = fields.Nested(RecipientAddress, required=True, allow_none=True)
    email_consent = fields.Boolean(required=True, allow_none=True)
    post_consent = fields.Boolean(required=True, allow_none=True)


class MailingCandidatesChosen(EventData):
    """The persons of one mailing_candidates_found whose last contact fits the mailing's filter.

    `sequence` and `last` are those of that event; the fields are those of people's mailing_audience_gathered.
    """

    gathering_id = fields.String(required=True)
    mailing_id = fields.String(required=True)
    last = fields.Boolean(required=True)
    persons = fields.List(fields.Nested(MailingRecipient), required=True)


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
MESSAGE_FILED = Event(SERVICE, "message_filed", MessageFiled)
MAILING_CANDIDATES_CHOSEN = Event(SERVICE, "mailing_candidates_chosen", MailingCandidatesChosen)
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
    MESSAGE_FILED,
    MAILING_CANDIDATES_CHOSEN,
)
