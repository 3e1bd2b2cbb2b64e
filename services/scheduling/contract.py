"""Appointments of a person (row C1)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.access import sections
from services.chassis.inputs import Choice, Cursor, Id, Line, Moment, Whole
from services.chassis.references import PERSONS, USERS, Reference
from services.chassis.schemas import Counted, Result, Strict, counted_page_of
from services.scheduling.model import APPOINTMENT_STATUSES


class BookAppointment(Strict):
    """Row C1: times carry an offset; the end comes after the start. `opportunity_id` links it to an opportunity."""

    person_id = Id(required=True)
    opportunity_id = Id(load_default=None, allow_none=True)
    kind = Line(60, required=True)
    subject = Line(200, required=True)
    address = Line(300, load_default="")
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)


class ListAppointments(Counted):
    person_id = Id(required=True)
    limit = Whole(1, 100, load_default=20)
    cursor = Cursor()


class ListOpportunityAppointments(Strict):
    """The appointments linked to an opportunity (row S1), the latest start first."""

    opportunity_id = Id(required=True)
    limit = Whole(1, 100, load_default=20)
    cursor = Cursor()


class ListCompanyAppointments(Counted):
    """Appointments with `starts_from` <= start < `starts_before`. `user_id`: who booked them, `me` for the caller."""

    starts_from = Moment(load_default=None, allow_none=True)
    starts_before = Moment(load_default=None, allow_none=True)
    user_id = Id(load_default=None, allow_none=True)
    limit = Whole(1, 100, load_default=20)
    cursor = Cursor()


class ListOwnAppointments(Counted):
    """Appointments with `starts_from` <= start < `starts_before`."""

    starts_from = Moment(required=True)
    starts_before = Moment(required=True)
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
    state = Choice(APPOINTMENT_STATUSES, attribute="status")
    booked_by = Reference(USERS, "booked_by", allow_none=True)
    version = fields.Integer()


class AgendaAppointment(Appointment):
    """In a list of appointments with several persons."""

    person = Reference(PERSONS)


AppointmentPage = counted_page_of(Appointment, "AppointmentPage")
AgendaPage = counted_page_of(AgendaAppointment, "AgendaPage")
