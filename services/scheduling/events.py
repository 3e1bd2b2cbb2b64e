"""The events that `scheduling` publishes."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.schemas import DataErased, Event, EventData

SERVICE = "scheduling"


class AppointmentBooked(EventData):
    appointment_id = fields.String(required=True)
    person_id = fields.String(required=True)
    opportunity_id = fields.String(allow_none=True)
    starts_at = fields.DateTime(required=True)
    ends_at = fields.DateTime(required=True)


APPOINTMENT_BOOKED = Event(SERVICE, "appointment_booked", AppointmentBooked)
PERSON_DATA_ERASED = Event(SERVICE, "person_data_erased", DataErased)
EVENTS = (APPOINTMENT_BOOKED, PERSON_DATA_ERASED)
