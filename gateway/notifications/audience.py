"""Previews, before something is saved, of who would be notified (row N8)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.requests import send_query
from services.chassis.inputs import EmailAddress, Flag, Id
from services.chassis.schemas import Strict
from services.notifications.audience import contract

blp = JsonBlueprint("audience", __name__, url_prefix="/v1", description="Prévia de avisos")


class PreviewQuestion(Strict):
    """`notify_customer`: the person's main address receives a copy. `whatsapp`: the main number, a free message."""

    attendance_id = Id(load_default=None, allow_none=True)
    notify_customer = Flag(load_default=False)
    to = fields.List(EmailAddress(), load_default=list, validate=validate.Length(max=20))
    whatsapp = Flag(load_default=False)
    watchers = Flag(load_default=True)


@blp.get("/persons/<string:person_id>/audience")
@blp.summary(
    "Mostra quem seria avisado",
    "Antes de salvar: por qual canal, por quê, e quem não seria e por quê. Nada é enviado.",
)
@needs("notifications.read")
@blp.arguments(PreviewQuestion, location="query")
@blp.response(200, contract.Audience)
@refuses(blp, 404)
def get_audience(data: dict[str, Any], person_id: str) -> Any:
    asked = {name: data[name] for name in ("attendance_id", "to", "watchers")}
    asked["customer"] = _main(person_id, "emails", "address") if data["notify_customer"] else None
    asked["whatsapp"] = _main(person_id, "phones", "number") if data["whatsapp"] else None
    return send_query("notifications", "get_audience", {"person_id": person_id, **asked})


def _main(person_id: str, items: str, value: str) -> str | None:
    person = send_query("people", "get_person", {"id": person_id})
    return next((one[value] for one in person[items] if one["main"]), None)
