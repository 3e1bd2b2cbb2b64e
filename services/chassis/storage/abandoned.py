"""Ends transactions that their own process has given up.

A transaction whose deadline passes while the engine works for it has no time left to be aborted: the driver's abort has
the same deadline. The engine would keep it, with the rows that it wrote, for a minute, and nobody in the company could
write these meanwhile.
"""

from __future__ import annotations

import contextvars
import logging
import threading
import time
from collections.abc import Mapping
from typing import Any

import pymongo
from pymongo.errors import PyMongoError

log = logging.getLogger(__name__)

# The engine ends it by itself after a minute.
TRY_SECONDS, SECONDS, PAUSE_SECONDS = 5.0, 60.0, 0.5


def end(client: pymongo.MongoClient[Any], session_id: Mapping[str, Any]) -> None:
    """Kills the session, beside the caller, who is answered at once; again while the engine can't be reached."""
    threading.Thread(target=contextvars.Context().run, args=(_end, client, session_id), daemon=True).start()


def _end(client: pymongo.MongoClient[Any], session_id: Mapping[str, Any]) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        try:
            with pymongo.timeout(TRY_SECONDS):
                client.admin.command("killSessions", [session_id])
            return
        except PyMongoError as error:
            log.warning("transaction not ended yet", extra={"error": type(error).__name__})
            time.sleep(PAUSE_SECONDS)
