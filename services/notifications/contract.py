"""What `notifications` promises, and the parts of other services' events that it reads."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Base64, Cursor, EmailAddress, Id, Whole
from services.chassis.schemas import PAGE_LIMIT, DataErased, Event, EventData, Result, Strict, page_of

SERVICE = "notifications"


class WatchPerson(Strict):
    """Row N1: the asking user starts to watch; `email` is where their alerts go."""

    person_id = Id(required=True)
    email = EmailAddress(required=True)


class UnwatchPerson(Strict):
    person_id = Id(required=True)


class ListWatchers(Strict):
    person_id = Id(required=True)
    limit = Whole(1, PAGE_LIMIT, load_default=PAGE_LIMIT)
    cursor = Cursor()


class Watcher(Result):
    user_id = fields.String()
    user_name = fields.String()
    email = fields.String()
    since = fields.DateTime()


WatcherList = page_of(Watcher, "WatcherList")


class ListDeliveries(Strict):
    """Row N7: the company's deliveries, newest first, or one person's."""

    person_id = Id(minimum=0, load_default=None, allow_none=True)
    limit = Whole(1, 100, load_default=20)
    cursor = Cursor()


class Delivery(Result):
    """`status`: queued, sent, failed (will be tried again), dead, or suppressed: it may not be sent any more."""

    id = fields.String()
    person_id = fields.String()
    channel = fields.String()
    recipient = fields.String()
    subject = fields.String()
    status = fields.String()
    attempts = fields.Integer()
    last_error = fields.String(allow_none=True)
    message_id = fields.String()
    created_at = fields.DateTime()
    sent_at = fields.DateTime(allow_none=True)


DeliveryPage = page_of(Delivery, "DeliveryPage")
PERSON_DATA_ERASED = Event(SERVICE, "person_data_erased", DataErased)
EVENTS = (PERSON_DATA_ERASED,)


class PersonSeen(EventData):
    """Of people's person_registered and person_changed: what is shown here, and to whom."""

    person_id = fields.String(required=True)
    name = fields.String(required=True)
    categories = fields.List(fields.String(), load_default=list)


class RoleSeen(EventData):
    """Of people's role_changed: what all who hold it may do and see from now on."""

    role_id = fields.String(required=True)
    permissions = fields.List(fields.String(), required=True)
    scopes = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), required=True)


class RoleOfUser(RoleSeen):
    version = fields.Integer(required=True)


class UserSeen(EventData):
    """Of people's user_changed: the rights of who is told something."""

    user_id = fields.String(required=True)
    active = fields.Boolean(required=True)
    roles = fields.List(fields.Nested(RoleOfUser), required=True)


class FlowSeen(EventData):
    """Of attendance's flow_changed: who sees what the flow holds."""

    flow_id = fields.String(required=True)
    users = fields.List(fields.String(), required=True)


class FlowOfAttendance(FlowSeen):
    version = fields.Integer(required=True)


class AttendanceSeen(EventData):
    """Of attendance's attendance_opened and attendance_filed: who sees it."""

    attendance_id = fields.String(required=True)
    type_id = fields.String(load_default=None, allow_none=True)
    flow = fields.Nested(FlowOfAttendance, load_default=None, allow_none=True)


class FileSeen(EventData):
    name = fields.String(required=True)
    media_type = fields.String(required=True)
    content = Base64(required=True)


class EntrySeen(AttendanceSeen):
    """Of attendance's entry_recorded: what the watchers are told; `files` and `left_out` are the customer's alone."""

    entry_id = fields.String(required=True)
    person_id = fields.String(required=True)
    person_name = fields.String(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    author_name = fields.String(required=True)
    recorded_at = fields.DateTime(required=True)
    reference = fields.Integer(load_default=None, allow_none=True)
    notify_customer = fields.Boolean(load_default=False)
    customer_email = fields.String(load_default=None, allow_none=True)
    files = fields.List(fields.Nested(FileSeen), load_default=list)
    left_out = fields.List(fields.String(), load_default=list)


class DocumentSeen(EventData):
    """Of sales' document_sent: the mail that goes to the customer, as it was rendered (rows S12, S23)."""

    sending_id = fields.String(required=True)
    person_id = fields.String(required=True)
    attendance_id = fields.String(required=True)
    recipients = fields.List(fields.String(), required=True)
    subject = fields.String(required=True)
    text = fields.String(required=True)
    html = fields.String(required=True)
    pdf = Base64(required=True)
    file_name = fields.String(required=True)


class PersonRedirected(EventData):
    """Of people's person_merged and person_unmerged: where the person leads, or led."""

    person_id = fields.String(required=True)
    survivor_id = fields.String(required=True)


class ErasureRequested(EventData):
    """Of people's person_erasure_requested: whose data to erase."""

    erasure_id = fields.String(required=True)
    persons = fields.List(fields.String(), required=True)
