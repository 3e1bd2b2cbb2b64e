"""Waits for the conversation of a new opportunity, which attendance opens, before the opportunity is answered."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from gateway.http import auth
from gateway.http.requests import bus
from services.chassis.errors import Failure, NotFound

# The wait ends here where attendance is down or far behind: the opportunity is stored, and is answered all the same.
MOST_SECONDS = 2.0
PAUSE_SECONDS = 0.05


def when_opened(opportunity: Any) -> Any:
    """Returns `opportunity` once its conversation can be read, or after MOST_SECONDS."""
    end = time.monotonic() + MOST_SECONDS
    named = {"id": opportunity["attendance_id"]}
    while (left := end - time.monotonic()) > 0:
        try:
            bus().call("attendance", "get_conversation", named, replace(auth.context(), deadline=time.time() + left))
        except NotFound:
            time.sleep(PAUSE_SECONDS)
        except Failure:
            break
        else:
            break
    return opportunity
