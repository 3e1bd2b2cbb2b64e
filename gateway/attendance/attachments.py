"""Attachments of an attendance's entries: sent and fetched as streams (rows A7, A8)."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flask import Response, request, stream_with_context

from gateway.http import auth
from gateway.http.access import needs
from gateway.http.blueprint import BINARY, JsonBlueprint, PageQuery, refuses
from gateway.http.document.headers import IF_NONE_MATCH
from gateway.http.downloads import as_download
from gateway.http.requests import bus, send_command, send_query
from gateway.http.uploads import send_attachment
from services.attendance.attachments import contract
from services.chassis.inputs import Flag, Line
from services.chassis.schemas import Strict

blp = JsonBlueprint("attachments", __name__, url_prefix="/v1", description="Anexos dos atendimentos")

ALL = "/attendances/<string:attendance_id>/attachments"
ONE = f"{ALL}/<string:attachment_id>"
FILE = {"required": True, "content": {"application/octet-stream": {"schema": BINARY}}}


class UploadQuery(Strict):
    """`name`: the file name that the user's machine gave; without an extension the content decides the type."""

    name = Line(1000, load_default="")


OpeningUploadQuery = contract.BeginOpeningUpload(exclude=("person_id",))


class AttachmentsQuery(PageQuery):
    staged = Flag(load_default=False)


@blp.get(ALL)
@blp.summary(
    "Lista os anexos de um atendimento",
    "Os dos seus pareceres; com `staged`, os próprios que ainda não entraram em nenhum.",
)
@needs("attendance.read")
@blp.arguments(AttachmentsQuery, location="query")
@blp.response(200, contract.AttachmentPage)
@refuses(blp, 404)
def list_attachments(data: dict[str, Any], attendance_id: str) -> Any:
    """The attachments of its entries; with `staged`, the user's own that are in no entry yet."""
    return send_query("attendance", "list_attachments", {**data, "attendance_id": attendance_id})


@blp.post(ALL)
@blp.summary(
    "Envia um anexo",
    "O corpo é o próprio arquivo, de até 10 MiB, como application/octet-stream; nomeie o id em "
    "`attachment_ids` do parecer.",
)
@needs("attendance.write")
@blp.arguments(UploadQuery, location="query")
@blp.doc(requestBody=FILE)
@blp.response(201, contract.Attachment, at="/v1/attendances/{attendance_id}/attachments/{id}")
@refuses(blp, 400, 404, 409, 413, 415)
def upload_attachment(data: dict[str, Any], attendance_id: str) -> Any:
    """The body is the file itself, at most 10 MiB, as application/octet-stream; name its id in `attachment_ids` of
    the entry to record."""
    return send_attachment(bus(), auth.context(), attendance_id=attendance_id, **data)


@blp.post("/persons/<string:person_id>/attendance-attachments")
@blp.summary(
    "Envia um anexo para um atendimento a abrir",
    "O corpo é o próprio arquivo, como num atendimento aberto. Abra o atendimento em até 24 horas com o mesmo "
    "`dedup_key`, que o seu sistema escolhe, e nomeie o id em `attachment_ids`; `type_id` é o tipo que ele terá.",
)
@needs("attendance.write")
@blp.arguments(OpeningUploadQuery, location="query")
@blp.doc(requestBody=FILE)
@blp.response(201, contract.Attachment)
@refuses(blp, 400, 404, 409, 413, 415)
def upload_opening_attachment(data: dict[str, Any], person_id: str) -> Any:
    """Row A7: `dedup_key` is the key with which the attendance will be opened."""
    return send_attachment(bus(), auth.context(), person_id=person_id, **data)


@blp.get(ONE)
@blp.honours(IF_NONE_MATCH)
@blp.summary("Baixa um anexo", "Sempre para salvar, nunca exibido; o ETag é o seu SHA-256.")
@needs("attendance.read")
@blp.file("O arquivo, no tipo que o seu conteúdo tem", "*/*")
@blp.alt_response(304, description="O arquivo que já se tem (If-None-Match)")
@refuses(blp, 404)
def download_attachment(attendance_id: str, attachment_id: str) -> Response:
    """A browser saves the file and never shows it; its ETag is its SHA-256."""
    named = {"attendance_id": attendance_id, "attachment_id": attachment_id}
    attachment = send_query("attendance", "get_attachment", named)
    response = as_download(
        stream_with_context(_parts(named, attachment["parts"])), attachment["name"], attachment["media_type"]
    )
    response.headers["Cache-Control"] = "private, no-cache"
    response.content_length = attachment["size"]
    response.set_etag(attachment["digest"])
    response.make_conditional(request)
    return response


@blp.delete(ONE)
@blp.summary("Exclui um anexo", "Recusado depois que um parecer foi registrado com ele.")
@needs("attendance.write")
@blp.response(200, contract.Attachment)
@refuses(blp, 404, 409)
def delete_attachment(attendance_id: str, attachment_id: str) -> Any:
    """Refused for an attachment that is in an entry."""
    named = {"attendance_id": attendance_id, "attachment_id": attachment_id}
    return send_command("attendance", "delete_attachment", contract.OneAttachment, {}, **named)


def _parts(named: dict[str, str], count: int) -> Iterator[bytes]:
    """The parts, each requested once the one before was sent; a failure ends the answer short of Content-Length."""
    caller, context, seconds = bus(), auth.context(), auth.current_config().rpc_seconds
    for number in range(count):
        fresh = replace(context, deadline=time.time() + seconds)
        part = caller.call("attendance", "get_attachment_part", {**named, "number": number}, fresh)
        yield base64.b64decode(part["data"])
