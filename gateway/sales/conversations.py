"""A new opportunity is answered once its conversation, which attendance opens, can be read."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from gateway.http import auth
from gateway.http.requests import bus
from services.chassis.errors import Failure, NotFound

# Longer only while attendance is down or far behind: the opportunity is made, and is answered all the same.
MOST_SECONDS = 2.0
PAUSE_SECONDS = 0.05


def once_opened(opportunity: Any) -> Any:
    """The opportunity itself."""
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
