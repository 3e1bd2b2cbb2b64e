"""Appointments of a person, and those linked to an opportunity."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import ValidationError, validates_schema

from gateway.http import auth
from gateway.http.access import needs
from gateway.http.blueprint import CountedQuery, JsonBlueprint, PageQuery, refuses
from gateway.http.requests import bus, send_command, send_query
from gateway.views.day import beginning, zone_of
from services.chassis.inputs import Day, Id
from services.scheduling import contract

blp = JsonBlueprint("scheduling", __name__, url_prefix="/v1", description="Agendamentos")


class AppointmentsQuery(CountedQuery):
    since = Day(load_default=None, allow_none=True, data_key="from")
    until = Day(load_default=None, allow_none=True, data_key="to")
    user_id = Id(load_default=None, allow_none=True)

    @validates_schema
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            raise ValidationError("O período termina antes de começar.", "to")


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


@blp.get("/appointments")
@blp.summary(
    "Lista os agendamentos da empresa",
    "Os que o usuário pode ver, do mais cedo ao mais tarde. `from` e `to` são dias da empresa, ambos incluídos, em que "
    "os agendamentos começam; `user_id` é quem agendou, ou `me`. O `next_cursor` dos agendamentos de `/v1/day` "
    "continua aqui, com `user_id=me` e o mesmo dia em `from` e `to`.",
)
@needs("scheduling.read")
@blp.arguments(AppointmentsQuery, location="query")
@blp.response(200, contract.AgendaPage)
@refuses(blp)
def list_company_appointments(data: dict[str, Any]) -> Any:
    """Row C1."""
    since, until = data.pop("since"), data.pop("until")
    if since or until:
        zone = ZoneInfo(zone_of(bus(), auth.context()))
        data["starts_from"] = since and beginning(since, zone)
        data["starts_before"] = until and beginning(until + dt.timedelta(days=1), zone)
    return send_query("scheduling", "list_company_appointments", data)


@blp.get("/opportunities/<string:opportunity_id>/appointments")
@blp.summary("Lista os agendamentos de um contato de venda")
@needs("scheduling.read")
@blp.arguments(PageQuery, location="query")
@blp.response(200, contract.AppointmentPage)
@refuses(blp)
def list_opportunity_appointments(data: dict[str, Any], opportunity_id: str) -> Any:
    """Rows S1, C1: the appointments linked to it."""
    return send_query("scheduling", "list_opportunity_appointments", {**data, "opportunity_id": opportunity_id})
