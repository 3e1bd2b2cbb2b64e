"""Who looked: what was shown of a person is told to `people`, one-way, after the answer is known (row P7)."""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from dataclasses import replace

from gateway.http import auth
from gateway.http.requests import bus

log = logging.getLogger(__name__)

# A look waits in people's queue for as long, should people be down.
WAIT_SECONDS = 86_400.0
PERMISSION = "people.record_look"


def record_access(person_id: str, what: str) -> None:
    """The user's look at a person's record, view, access report or export; never waits, and never refuses."""
    # a key of its own: a client that repeats its request looks twice, a message that comes twice is one look
    key, end = uuid.uuid4().hex, time.time() + WAIT_SECONDS
    context = replace(auth.context(), permissions=(PERMISSION,), deadline=end, idempotency_key=key)
    data = {"person_id": person_id, "what": what, "at": dt.datetime.now(dt.UTC).isoformat()}
    if not bus().send("people", "record_look", data, context):
        log.error("look not recorded", extra={"what": what})
