"""Kills the session of a transaction that its own process could not abort.

Where the deadline passes while the engine executes a command, the driver's abort fails too, for it has the same
deadline. The engine would keep the transaction and its locks on the written rows for a minute.
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

# For one minute, after which the engine ends the transaction by itself.
TRY_SECONDS, SECONDS, PAUSE_SECONDS = 5.0, 60.0, 0.5


def kill_session(client: pymongo.MongoClient[Any], session_id: Mapping[str, Any]) -> None:
    """Kills the session in a thread, without waiting for it; it is retried while the engine does not answer."""
    threading.Thread(target=contextvars.Context().run, args=(_kill, client, session_id), daemon=True).start()


def _kill(client: pymongo.MongoClient[Any], session_id: Mapping[str, Any]) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        try:
            with pymongo.timeout(TRY_SECONDS):
                client.admin.command("killSessions", [session_id])
            return
        except PyMongoError as error:
            log.warning("transaction not ended yet", extra={"error": type(error).__name__})
            time.sleep(PAUSE_SECONDS)
