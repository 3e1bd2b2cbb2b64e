"""Appointments of a person, or linked to an opportunity (row C1)."""

from __future__ import annotations

from typing import Any

from services.chassis.handling.entrypoints import query
from services.scheduling import contract
from services.scheduling.session import SchedulingSession

ME = "me"


@query(takes=contract.ListAppointments, gives=contract.AppointmentPage, needs="scheduling.read", section="appointments")
def list_appointments(session: SchedulingSession, data: dict[str, Any]) -> dict[str, Any]:
    return session.appointments.of_person(**data)


@query(
    takes=contract.ListOpportunityAppointments,
    gives=contract.AppointmentPage,
    needs="scheduling.read",
    section=("appointments", "opportunities"),
)
def list_opportunity_appointments(session: SchedulingSession, data: dict[str, Any]) -> dict[str, Any]:
    return session.appointments.of_opportunity(**data)


@query(
    takes=contract.ListCompanyAppointments,
    gives=contract.AgendaPage,
    needs="scheduling.read",
    section="appointments",
)
def list_company_appointments(session: SchedulingSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row C1: the company's appointments that the user may see, the earliest first; or those that one user booked."""
    user_id = session.actor.id if data["user_id"] == ME else data["user_id"]
    period = data["starts_from"], data["starts_before"]
    return session.appointments.in_period(user_id, period, data["limit"], data["cursor"], data["counted"])


@query(
    takes=contract.ListOwnAppointments,
    gives=contract.AgendaPage,
    needs="scheduling.read",
    section="appointments",
)
def list_own_appointments(session: SchedulingSession, data: dict[str, Any]) -> dict[str, Any]:
    """The appointments that the caller booked, the earliest first."""
    period = data["starts_from"], data["starts_before"]
    return session.appointments.in_period(session.actor.id, period, data["limit"], data["cursor"], data["counted"])
