"""Messages to a person over WhatsApp, and the conversation with them (row N4)."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flask import Response, stream_with_context
from marshmallow import fields

from gateway.documents import gathering
from gateway.http import auth
from gateway.http.access import needs
from gateway.http.blueprint import BINARY, JsonBlueprint, PageQuery, refuses
from gateway.http.downloads import as_download
from gateway.http.guards import OCTETS
from gateway.http.requests import bus, send_command, send_query
from gateway.http.uploads import send_whatsapp_file
from services.chassis.errors import Conflict, Invalid
from services.chassis.inputs import Line
from services.chassis.schemas import Result, Strict
from services.notifications.whatsapp import contract

blp = JsonBlueprint("whatsapp", __name__, url_prefix="/v1", description="WhatsApp")


class WhatsAppForm(Result):
    """The initial values of a form: `to` is the main number or null; `windows` are all numbers, the main one first."""

    to = fields.String(allow_none=True)
    sender = fields.Nested(contract.WhatsAppSender, allow_none=True)
    windows = fields.List(fields.Nested(contract.WhatsAppWindow))


class FileQuery(Strict):
    """`name`: the file name that the user's machine gave."""

    name = Line(1000, required=True)


class NewWhatsAppMessage(contract.SendWhatsAppMessage):
    """Without `to` it goes to the person's main number."""

    class Meta:
        exclude = ("person_id",)

    to = contract.Number(load_default=None, allow_none=True)


@blp.post("/whatsapp-files")
@blp.summary(
    "Envia um arquivo a mandar por WhatsApp",
    "O corpo é o próprio arquivo, como application/octet-stream: imagem de até 5 MiB; vídeo, áudio ou documento de até "
    "16 MiB. Nomeie o id em `file_id` da mensagem; o texto dela é a legenda, ou o modelo leva o arquivo acima do seu.",
)
@needs("notifications.write")
@blp.arguments(FileQuery, location="query")
@blp.doc(requestBody={"required": True, "content": {OCTETS: {"schema": BINARY}}})
@blp.response(201, contract.WhatsAppUpload)
@refuses(blp, 400, 409, 413, 415)
def upload_whatsapp_file(data: dict[str, Any]) -> Any:
    return send_whatsapp_file(bus(), auth.context(), data["name"])


@blp.get("/persons/<string:person_id>/whatsapp-form")
@blp.summary(
    "Prepara uma mensagem de WhatsApp a uma pessoa",
    "Os números da pessoa, até quando cada um aceita mensagem livre (depois, só modelos), e o número da empresa.",
)
@needs("people.read")
@blp.response(200, WhatsAppForm)
@refuses(blp, 404)
def get_whatsapp_form(person_id: str) -> Any:
    numbers = _numbers(person_id)[: contract.MOST_NUMBERS]
    found = send_query("notifications", "get_whatsapp_windows", {"numbers": numbers})
    return {"to": next(iter(numbers), None), "sender": found["sender"], "windows": found["windows"]}


@blp.post("/persons/<string:person_id>/whatsapp-messages")
@blp.summary(
    "Envia uma mensagem de WhatsApp a uma pessoa",
    "Um texto ou um arquivo, até 24 horas depois da última mensagem do cliente; um modelo aprovado, sempre, com o "
    "arquivo que ele leva, se leva um. Sem `to`, ao número principal da pessoa.",
)
@needs("notifications.write")
@blp.arguments(NewWhatsAppMessage)
@blp.response(201, contract.Delivery, at="/v1/deliveries/{id}")
@refuses(blp, 404, 409)
def send_whatsapp_message(data: dict[str, Any], person_id: str) -> Any:
    """Refused for a number that is not the person's, and where the person has withdrawn the consent (row P7)."""
    data["to"] = _recipient(person_id, data["to"])
    gathering.refuse_declined(auth.context(), person_id, gathering.WHATSAPP)
    schema = contract.SendWhatsAppMessage
    return send_command("notifications", "send_whatsapp_message", schema, data, person_id=person_id)


@blp.get("/persons/<string:person_id>/whatsapp-messages")
@blp.summary("Lista as mensagens de WhatsApp de uma pessoa", "As enviadas e as recebidas, as mais novas primeiro.")
@needs("notifications.read")
@blp.arguments(PageQuery, location="query")
@blp.response(200, contract.WhatsAppMessagePage)
@refuses(blp, 404)
def list_whatsapp_messages(data: dict[str, Any], person_id: str) -> Any:
    return send_query("notifications", "list_whatsapp_messages", {**data, "person_id": person_id})


@blp.get("/persons/<string:person_id>/whatsapp-messages/<string:message_id>/file")
@blp.summary("Baixa o arquivo de uma mensagem recebida", "De até 16 MiB; sempre para salvar, nunca exibido.")
@needs("notifications.read")
@blp.file("O arquivo", "application/octet-stream")
@refuses(blp, 404)
def download_whatsapp_file(person_id: str, message_id: str) -> Response:
    """Answered as octets, since a customer's file is not trusted."""
    named = {"person_id": person_id, "message_id": message_id}
    file = send_query("notifications", "get_whatsapp_file", named)
    response = as_download(stream_with_context(_parts(named, file["parts"])), file["name"], OCTETS)
    response.content_length = file["size"]
    return response


def _parts(named: dict[str, str], count: int) -> Iterator[bytes]:
    """The parts, each requested once the one before was sent; a failure ends the answer short of Content-Length."""
    caller, context, seconds = bus(), auth.context(), auth.current_config().rpc_seconds
    for number in range(count):
        fresh = replace(context, deadline=time.time() + seconds)
        part = caller.call("notifications", "get_whatsapp_file_part", {**named, "number": number}, fresh)
        yield base64.b64decode(part["data"])


def _recipient(person_id: str, asked: str | None) -> str:
    """Raises Conflict("person_phone_missing"), Invalid("recipient_unknown")."""
    known = _numbers(person_id)
    if not known:
        raise Conflict("person_phone_missing", "A pessoa não tem telefone cadastrado.")
    if asked is not None and asked not in known:
        detail = "Envie só aos telefones da pessoa e de seus contatos; cadastre o número antes."
        raise Invalid("recipient_unknown", detail, fields={"to": [detail]})
    return asked or known[0]


def _numbers(person_id: str) -> list[str]:
    """The person's numbers, the main one first, and those of their contacts."""
    person = send_query("people", "get_person", {"id": person_id})
    own = sorted(person["phones"], key=lambda one: not one["main"])
    contacts = [one["phone"] for one in person["contacts"] if one.get("phone")]
    return list(dict.fromkeys([*(one["number"] for one in own if not one.get("extension")), *contacts]))
