"""An uploaded file on its way to `people`, which owns it: in parts that fit a message, in bounded memory (row P8).

A part that people did not answer is sent again; every part is a command with a key of its own, so none counts twice.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from dataclasses import replace
from typing import IO, Any

from gateway.rpc import Bus
from services.chassis.context import Context
from services.chassis.errors import DeadlineExceeded, Invalid, Unavailable
from services.people.contract import UPLOAD_BYTES

PART_SECONDS = 15.0
RETRY_SECONDS = 30.0
PAUSE_SECONDS = 0.5


def send(bus: Bus, context: Callable[[float], Context], upload: IO[bytes], name: str) -> dict[str, Any]:
    """The import, recognised and ready to be looked at; raises Invalid("import_file_unreadable")."""
    size = upload.seek(0, 2)
    upload.seek(0)
    if size == 0:
        raise Invalid("import_file_unreadable", "O arquivo está vazio.", fields={"file": ["O arquivo está vazio."]})
    begun = _insist(bus, context, "begin_import", {"name": name[-200:], "size": size}, "begin")
    for number, part in enumerate(iter(lambda: upload.read(UPLOAD_BYTES), b"")):
        data = {"id": begun["id"], "number": number, "data": base64.b64encode(part).decode()}
        _insist(bus, context, "add_import_part", data, f"part-{number}")
    recognised: dict[str, Any] = _insist(bus, context, "recognise_import", {"id": begun["id"]}, "recognise")
    return recognised


def _insist(bus: Bus, context: Callable[[float], Context], command: str, data: dict[str, Any], step: str) -> Any:
    """The command's answer; a retryable failure is met by the same command with the same key."""
    end = time.time() + RETRY_SECONDS
    while True:
        fresh = context(PART_SECONDS)
        keyed = replace(fresh, idempotency_key=f"{fresh.idempotency_key}:{step}")
        try:
            return bus.call("people", command, data, keyed, command=True)
        except (Unavailable, DeadlineExceeded):
            if time.time() >= end:
                raise
        time.sleep(PAUSE_SECONDS)  # a refusal may come at once: people is not there
