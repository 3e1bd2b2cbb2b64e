"""The variables of templates of e-mails, and their values for a person and an attendance (row N5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from gateway.documents import formatting, processes
from gateway.http.requests import bus
from services.chassis.access.context import Context

# By name: its description, and its value in a preview.
VARIABLES: dict[str, tuple[str, str]] = {
    "empresa.nome": ("Nome da sua empresa", "Padaria Modelo"),
    "usuario.nome": ("Quem escreve o e-mail", "Ana Souza"),
    "hoje": ("Data de hoje", "05/03/2031"),
    "cliente.nome": ("Nome ou razão social", "Confeitaria Flor & Filhos"),
    "cliente.codigo": ("Código do cadastro", "42"),
    "atendimento.titulo": ("Assunto do atendimento; vazio fora de um", "Forno novo"),
    "atendimento.numero": ("Número do atendimento; vazio fora de um", "7"),
}


def samples() -> dict[str, Any]:
    return _nested({name: example for name, (_, example) in VARIABLES.items()})


def values_for(context: Context, person_id: str, attendance_id: str | None) -> dict[str, Any]:
    """Raises NotFound of the person or the attendance, Forbidden where the user may not read them."""
    person = bus().call("people", "get_person", {"id": person_id}, context)
    company = bus().call("people", "get_company", {}, context)
    attendance: Mapping[str, Any] = {}
    if attendance_id:
        attendance = bus().call("attendance", "get_attendance", {"id": attendance_id}, context)
    today = dt.datetime.now(ZoneInfo(company["time_zone"])).date()
    return _nested(
        {
            "empresa.nome": company["name"],
            "usuario.nome": context.user_name,
            "hoje": formatting.date(today.isoformat()),
            "cliente.nome": person["name"],
            "cliente.codigo": person["code"],
            "atendimento.titulo": attendance.get("subject"),
            "atendimento.numero": attendance.get("reference"),
        }
    )


def fill_in(context: Context, subject: str, text: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Subject and text with the values filled in; raises what processes.render_text raises."""
    title, body = processes.render_text(context.company, subject, text, values)
    return {"subject": title, "text": body}


def _nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """`a.b` as a mapping in a mapping; every value is a text."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        group, _, key = name.partition(".")
        text = "" if value is None else str(value)
        if key:
            found.setdefault(group, {})[key] = text
        else:
            found[group] = text
    return found
