"""The access log: tells `people`, by a one-way message, who looked at what of a person (row P7)."""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from dataclasses import replace

from gateway.http import auth
from gateway.http.requests import bus

log = logging.getLogger(__name__)

# How long the message waits in people's queue while people is down.
WAIT_SECONDS = 86_400.0
PERMISSION = "people.record_look"


def record_access(person_id: str, what: str) -> None:
    """Records that the user looked at a person; `what`: record, view or access_report. Does not wait for people."""
    # an idempotency key of its own: a repeated request is a second look, a message delivered twice is not
    key, end = uuid.uuid4().hex, time.time() + WAIT_SECONDS
    context = replace(auth.context(), permissions=(PERMISSION,), deadline=end, idempotency_key=key)
    data = {"person_id": person_id, "what": what, "at": dt.datetime.now(dt.UTC).isoformat()}
    if not bus().send("people", "record_look", data, context):
        log.error("look not recorded", extra={"what": what})
