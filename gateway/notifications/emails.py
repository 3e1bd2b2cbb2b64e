"""E-mails to a person, by themselves or from an attendance (rows N2, N3)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from gateway.documents import gathering
from gateway.http import auth
from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.requests import send_command, send_query
from services.attendance.emails import contract as attendance_contract
from services.attendance.entries import contract as entries_contract
from services.chassis.schemas import Result
from services.notifications.accounts.contract import Sender
from services.notifications.emails import contract

blp = JsonBlueprint("emails", __name__, url_prefix="/v1", description="E-mails a pessoas")


class EmailForm(Result):
    """The initial values of a form: `to` is the main address or null; `suggestions` are all addresses, main first."""

    to = fields.String(allow_none=True)
    suggestions = fields.List(fields.String())
    sender = fields.Nested(Sender)


@blp.get("/persons/<string:person_id>/email-form")
@blp.summary("Prepara um e-mail a uma pessoa", "O endereço principal, os outros como sugestão, e por qual conta sairá.")
@needs("people.read")
@blp.response(200, EmailForm)
@refuses(blp, 404)
def get_email_form(person_id: str) -> Any:
    """Row N2."""
    person = send_query("people", "get_person", {"id": person_id})
    emails = sorted(person["emails"], key=lambda one: not one["main"])
    suggestions = list(dict.fromkeys(one["address"] for one in emails))
    sender = send_query("notifications", "get_mail_sender", {})
    to = next(iter(suggestions), None)
    return {"to": to, "suggestions": suggestions, "sender": dict(sender)}


@blp.post("/persons/<string:person_id>/mails")
@blp.summary(
    "Envia um e-mail a uma pessoa",
    "Um a cada destinatário, pela conta do usuário, da empresa ou da instalação. Com anexos, por um atendimento.",
)
@needs("notifications.write")
@blp.arguments(contract.SendPersonEmail(exclude=("person_id",)))
@blp.response(201, contract.SentEmails)
@refuses(blp, 404, 409)
def send_person_email(data: dict[str, Any], person_id: str) -> Any:
    """Refused where the person has withdrawn the consent to e-mails about the service (row P7)."""
    gathering.refuse_declined(auth.context(), person_id)
    return send_command(
        "notifications", "send_person_email", contract.SendPersonEmail, data, person_id=person_id
    )  # fmt: skip


@blp.post("/attendances/<string:attendance_id>/mails")
@blp.summary(
    "Envia um e-mail por um atendimento",
    "Fica como parecer próprio e é copiado para o rascunho aberto; sem `to`, vai ao endereço principal da pessoa.",
)
@needs("attendance.write")
@blp.arguments(attendance_contract.SendEmail(exclude=("attendance_id",)))
@blp.response(201, entries_contract.Entry)
@refuses(blp, 404, 409)
def send_email(data: dict[str, Any], attendance_id: str) -> Any:
    """Row N3. Refused where the person has withdrawn the consent to e-mails about the service (row P7)."""
    gathering.refuse_declined_of_attendance(auth.context(), attendance_id)
    return send_command("attendance", "send_email", attendance_contract.SendEmail, data, attendance_id=attendance_id)
