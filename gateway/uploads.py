"""A file on its way in: the body is read part by part, and each part is a command; nothing is kept here.

A retry with the same Idempotency-Key sends the same parts under the same keys, and so makes one attachment.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from flask import request

from gateway.problems import Malformed, TooLarge
from gateway.rpc import Bus
from services.attendance.contract import PART_BYTES
from services.chassis.context import Context
from services.chassis.errors import DeadlineExceeded, Failure, Unavailable

SERVICE = "attendance"
# For one part, and for one that the service did not answer: it is sent again, under the same key.
PART_SECONDS = 15.0
RETRY_SECONDS = 30.0
PAUSE_SECONDS = 0.5
# Of a refused body: beyond it the connection is closed instead.
DRAIN_BYTES = 32 << 20
TOO_LARGE = "attachment_too_large"


class Upload:
    """One upload under one context; each command has a deadline of its own."""

    def __init__(self, bus: Bus, context: Context) -> None:
        self._bus, self._context = bus, context

    def run(self, attendance_id: str, name: str) -> Any:
        """The attachment. Raises 413 TooLarge, 400 Malformed("upload_incomplete"), and the service's refusals.

        A refused upload is discarded at once; an interrupted one stays for a retry until it expires.
        """
        body: BinaryIO = request.environ["wsgi.input"]
        try:
            begun = self._order("begin_upload", {"attendance_id": attendance_id, "name": name})
            return self._receive(begun["id"], int(begun["limit"]), body)
        except (Failure, TooLarge):
            drain(body)
            raise

    def _receive(self, upload_id: str, limit: int, body: BinaryIO) -> Any:
        try:
            for number, part in enumerate(_parts(body, limit)):
                data = {"upload_id": upload_id, "number": number, "data": base64.b64encode(part).decode()}
                self._order("send_part", data, f":{number}")
            return self._order("finish_upload", {"upload_id": upload_id})
        except (Unavailable, DeadlineExceeded):
            raise
        except (Failure, TooLarge):
            self._discard(upload_id)
            raise

    def _discard(self, upload_id: str) -> None:
        try:
            self._order("discard_upload", {"upload_id": upload_id})
        except Failure:
            pass  # it expires by itself

    def _order(self, command: str, data: dict[str, Any], suffix: str = "") -> Any:
        """A service that is down for a moment does not cost the user the upload."""
        key = f"{self._context.idempotency_key}{suffix}"
        end = time.time() + RETRY_SECONDS
        while True:
            context = replace(self._context, deadline=time.time() + PART_SECONDS, idempotency_key=key)
            try:
                return self._bus.call(SERVICE, command, data, context, command=True)
            except (Unavailable, DeadlineExceeded):
                if time.time() >= end:
                    raise
            time.sleep(PAUSE_SECONDS)


def drain(body: BinaryIO) -> None:
    """Reads a refused body away, so that the client reads the refusal and its connection stays usable."""
    left = DRAIN_BYTES
    try:
        while left > 0 and (part := body.read(1 << 16)):
            left -= len(part)
    except OSError:
        pass  # the client has gone


def _parts(body: BinaryIO, limit: int) -> Iterator[bytes]:
    """Parts of exactly PART_BYTES but the last; no byte beyond the limit is passed on."""
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
    found = bytearray()
    try:
        while len(found) < size and (more := body.read(size - len(found))):
            found += more
    except OSError as error:
        raise _incomplete() from error
    return bytes(found)


def _too_large(limit: int) -> TooLarge:
    shown = f"{limit / (1 << 20):.1f}".removesuffix(".0").replace(".", ",")
    return TooLarge(TOO_LARGE, f"O arquivo passa de {shown} MiB, o limite deste atendimento.")


def _incomplete() -> Malformed:
    return Malformed("upload_incomplete", "O envio do arquivo foi interrompido.")
