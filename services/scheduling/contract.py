"""What `scheduling` promises, and the parts of other services' events that it reads."""

from __future__ import annotations

from marshmallow import fields

from services.chassis import sections
from services.chassis.inputs import Cursor, Id, Line, Moment, Whole
from services.chassis.schemas import DataErased, Event, EventData, Result, Strict, page_of

SERVICE = "scheduling"


class BookAppointment(Strict):
    """Row C1: times carry an offset; the end comes after the start. With `opportunity_id` it is linked to that one."""

    person_id = Id(required=True)
    opportunity_id = Id(load_default=None, allow_none=True)
    kind = Line(60, required=True)
    subject = Line(200, required=True)
    address = Line(300, load_default="")
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)


class ListAppointments(Strict):
    person_id = Id(required=True)
    limit = Whole(1, 100, load_default=20)
    cursor = Cursor()


class ListOpportunityAppointments(Strict):
    """Those linked to an opportunity (row S1), the latest first."""

    opportunity_id = Id(required=True)
    limit = Whole(1, 100, load_default=20)
    cursor = Cursor()


class Appointment(Result):
    id = fields.String()
    person_id = fields.String()
    opportunity_id = fields.String(allow_none=True, metadata=sections.of("opportunities"))
    kind = fields.String()
    subject = fields.String()
    address = fields.String()
    starts_at = fields.DateTime()
    ends_at = fields.DateTime()
    status = fields.String()
    version = fields.Integer()


AppointmentPage = page_of(Appointment, "AppointmentPage")


class AppointmentBooked(EventData):
    appointment_id = fields.String(required=True)
    person_id = fields.String(required=True)
    opportunity_id = fields.String(allow_none=True)
    starts_at = fields.DateTime(required=True)
    ends_at = fields.DateTime(required=True)


APPOINTMENT_BOOKED = Event(SERVICE, "appointment_booked", AppointmentBooked)
PERSON_DATA_ERASED = Event(SERVICE, "person_data_erased", DataErased)
EVENTS = (APPOINTMENT_BOOKED, PERSON_DATA_ERASED)


class PersonSeen(EventData):
    """Of people's person_registered and person_changed: what is shown here."""

    person_id = fields.String(required=True)
    name = fields.String(required=True)
    categories = fields.List(fields.String(), load_default=None)


class OpportunitySeen(EventData):
    """Of sales' opportunity_created and opportunity_deleted: what an appointment may be linked to, and whose it is."""

    opportunity_id = fields.String(required=True)
    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)


class FlowSeen(EventData):
    """Of attendance's flow_changed: who sees what the flow holds."""

    flow_id = fields.String(required=True)
    users = fields.List(fields.String(), required=True)


class FlowOfAttendance(FlowSeen):
    version = fields.Integer(required=True)


class AttendanceSeen(EventData):
    """Of attendance's attendance_opened and attendance_filed: who sees an opportunity's conversation."""

    attendance_id = fields.String(required=True)
    type_id = fields.String(load_default=None, allow_none=True)
    flow = fields.Nested(FlowOfAttendance, load_default=None, allow_none=True)


class PersonRedirected(EventData):
    """Of people's person_merged and person_unmerged: where the person leads, or led."""

    person_id = fields.String(required=True)
    survivor_id = fields.String(required=True)


class ErasureRequested(EventData):
    """Of people's person_erasure_requested: whose data to erase."""

    erasure_id = fields.String(required=True)
    persons = fields.List(fields.String(), required=True)
