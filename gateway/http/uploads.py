"""Passes an uploaded file on to the service that owns it, in parts that fit a message, in bounded memory.

The gateway stores nothing. Each part is a command with an idempotency key of its own, and is sent again when the
service did not answer. So a retry with the same Idempotency-Key sends the same parts under the same keys, and makes one
attachment, or one import (rows A8, P8).
"""

from __future__ import annotations

import base64
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import IO, Any, BinaryIO

from flask import request

from gateway.bus.rpc import Bus
from gateway.http.problems import Malformed, TooLarge
from services.attendance.attachments.contract import PART_BYTES
from services.chassis.access.context import Context
from services.chassis.errors import DeadlineExceeded, Failure, Invalid, Unavailable
from services.people.imports.contract import UPLOAD_BYTES

# The deadline of one part; and for how long a part that the service did not answer is sent again, under the same key.
PART_SECONDS = 15.0
RETRY_SECONDS = 30.0
PAUSE_SECONDS = 0.5
TOO_LARGE = "attachment_too_large"
# As much as WhatsApp takes of anything; the service knows the limit of each kind.
LARGEST_SENT = 16 << 20


class Steps:
    """The commands of one upload to a service, under one context; each has a deadline and a key of its own."""

    def __init__(self, bus: Bus, context: Context, service: str) -> None:
        self._bus, self._context, self._service = bus, context, service

    def begin(self, command: str, **data: Any) -> Any:
        """The first command of the upload; it is not repeated, so that an unavailable service is reported at once."""
        return self._send_once(command, f"{self._context.idempotency_key}:begin", data)

    def order(self, command: str, step: str, **data: Any) -> Any:
        """A later command, repeated for RETRY_SECONDS while the service does not answer."""
        key = f"{self._context.idempotency_key}:{step}"
        end = time.time() + RETRY_SECONDS
        while True:
            try:
                return self._send_once(command, key, data)
            except (Unavailable, DeadlineExceeded):
                if time.time() >= end:
                    raise
            time.sleep(PAUSE_SECONDS)  # a refusal may come at once: the service is not there

    def _send_once(self, command: str, key: str, data: dict[str, Any]) -> Any:
        context = replace(self._context, deadline=time.time() + PART_SECONDS, idempotency_key=key)
        return self._bus.call(self._service, command, data, context, command=True)

    def send(self, command: str, parts: Iterable[bytes], **named: str) -> None:
        for number, part in enumerate(parts):
            self.order(command, f"part-{number}", **named, number=number, data=base64.b64encode(part).decode())


def send_import(bus: Bus, context: Context, upload: IO[bytes], name: str) -> Any:
    """The new import, with its columns recognised; raises Invalid("import_file_unreadable") for an empty file.

    A file that is refused is not kept: it may hold as many persons' data as one that is taken.
    """
    size = upload.seek(0, 2)
    upload.seek(0)
    if size == 0:
        raise Invalid("import_file_unreadable", "O arquivo está vazio.", fields={"file": ["O arquivo está vazio."]})
    steps = Steps(bus, context, "people")
    begun = steps.begin("begin_import", name=name[-200:], size=size)
    try:
        steps.send("add_import_part", iter(lambda: upload.read(UPLOAD_BYTES), b""), id=begun["id"])
        return steps.order("recognise_import", "recognise", id=begun["id"])
    except (Unavailable, DeadlineExceeded):
        raise
    except Failure:
        with suppress(Failure):  # it expires by itself
            steps.order("cancel_import", "cancel", id=begun["id"])
        raise


def send_attachment(bus: Bus, context: Context, **named: Any) -> Any:
    """Stores the request's body as an attachment; returns it. Of an attendance, or of one about to be opened.

    Raises 413 TooLarge, 400 Malformed("upload_incomplete"), and the service's refusals. A refused upload
    is discarded at once; an interrupted one stays for a retry until it expires.
    """
    body: BinaryIO = request.environ["wsgi.input"]
    steps = Steps(bus, context, "attendance")
    if "attendance_id" in named:
        begun = steps.begin("begin_upload", **named)
    else:
        begun = steps.begin("begin_opening_upload", **named)
    return _receive(steps, begun["id"], int(begun["limit"]), body)


def send_whatsapp_file(bus: Bus, context: Context, name: str) -> Any:
    """Stores the request's body as a file to send over WhatsApp; returns it. Raises as send_attachment does."""
    body: BinaryIO = request.environ["wsgi.input"]
    steps = Steps(bus, context, "notifications")
    begun = steps.begin("begin_whatsapp_upload", name=name)
    steps.send("add_whatsapp_upload_part", _parts(body, LARGEST_SENT), upload_id=begun["id"])
    return steps.order("finish_whatsapp_upload", "finish", upload_id=begun["id"])


def _receive(steps: Steps, upload_id: str, limit: int, body: BinaryIO) -> Any:
    try:
        steps.send("send_part", _parts(body, limit), upload_id=upload_id)
        return steps.order("finish_upload", "finish", upload_id=upload_id)
    except (Unavailable, DeadlineExceeded):
        raise
    except (Failure, TooLarge):
        with suppress(Failure):  # it expires by itself
            steps.order("discard_upload", "discard", upload_id=upload_id)
        raise


def _parts(body: BinaryIO, limit: int) -> Iterator[bytes]:
    """The body in parts of PART_BYTES, the last one shorter; no byte beyond `limit` is passed on."""
    announced, received = request.content_length, 0
    if announced is not None and announced > limit:
        raise _too_large(limit)
    while part := _read(body, PART_BYTES):
        received += len(part)
        if received > limit:
            raise _too_large(limit)
        yield part
    if announced is not None and received < announced:
        raise _incomplete()


def _read(body: BinaryIO, size: int) -> bytes:
    part = bytearray()
    try:
        while len(part) < size and (more := body.read(size - len(part))):
            part += more
    except OSError as error:
        raise _incomplete() from error
    return bytes(part)


def _too_large(limit: int) -> TooLarge:
    mebibytes = f"{limit / (1 << 20):.1f}".removesuffix(".0").replace(".", ",")
    return TooLarge(TOO_LARGE, f"O arquivo passa de {mebibytes} MiB, o limite aqui.")


def _incomplete() -> Malformed:
    return Malformed("upload_incomplete", "O envio do arquivo foi interrompido.")
