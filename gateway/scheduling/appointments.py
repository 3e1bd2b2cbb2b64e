"""Appointments of a person, and those linked to an opportunity."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import CountedQuery, JsonBlueprint, PageQuery, refuses
from gateway.http.requests import send_command, send_query
from services.scheduling import contract

blp = JsonBlueprint("scheduling", __name__, url_prefix="/v1", description="Agendamentos")


@blp.get("/persons/<string:person_id>/appointments")
@blp.summary("Lista os agendamentos de uma pessoa")
@needs("scheduling.read")
@blp.arguments(CountedQuery, location="query")
@blp.response(200, contract.AppointmentPage)
@refuses(blp)
def list_appointments(data: dict[str, Any], person_id: str) -> Any:
    return send_query("scheduling", "list_appointments", {**data, "person_id": person_id})


@blp.post("/persons/<string:person_id>/appointments")
@blp.summary("Agenda um compromisso com uma pessoa")
@needs("scheduling.write")
@blp.arguments(contract.BookAppointment(exclude=("person_id",)))
@blp.response(201, contract.Appointment)
@refuses(blp, 404)
def book_appointment(data: dict[str, Any], person_id: str) -> Any:
    """Row C1."""
    return send_command("scheduling", "book_appointment", contract.BookAppointment, data, person_id=person_id)


@blp.get("/opportunities/<string:opportunity_id>/appointments")
@blp.summary("Lista os agendamentos de um contato de venda")
@needs("scheduling.read")
@blp.arguments(PageQuery, location="query")
@blp.response(200, contract.AppointmentPage)
@refuses(blp)
def list_opportunity_appointments(data: dict[str, Any], opportunity_id: str) -> Any:
    """Rows S1, C1: the appointments linked to it."""
    return send_query("scheduling", "list_opportunity_appointments", {**data, "opportunity_id": opportunity_id})
