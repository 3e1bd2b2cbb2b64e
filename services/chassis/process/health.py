"""`/live`, `/ready` and `/metrics` of a service, on a port of its own.

Live: this process's event loop runs; only a stuck loop is cured by a restart, and not a broker or database that is
down. Ready: the broker is connected, the database answers, the indexes exist, the clock is right; else the answer names
the troubles. A new check goes into `not_ready`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from typing import Any

import eventlet
import eventlet.wsgi
from pymongo.errors import PyMongoError

from services.chassis.jobs.leased import SLACK_SECONDS
from services.chassis.observability import exposition, metrics
from services.chassis.process.runtime import Runtime

TICK_SECONDS = 1.0
STUCK_SECONDS = 10.0
# The largest difference from the database's clock. Leases end at moments: with a larger difference, a process begins
# work that another one is still doing.
MOST_CLOCK_SECONDS = SLACK_SECONDS

Start = Callable[[str, list[tuple[str, str]]], Any]


class Health:
    """A small WSGI application over the container's consumer and runtime."""

    def __init__(self, consumer: Any, runtime: Runtime) -> None:
        self._consumer = consumer
        self._runtime = runtime
        self._ticked = time.monotonic()

    def serve(self, host: str, port: int) -> None:
        listener = eventlet.listen((host, port), reuse_port=False)
        eventlet.spawn(self._tick)
        eventlet.spawn(eventlet.wsgi.server, listener, self, log_output=False)

    def _tick(self) -> None:
        while True:
            self._ticked = time.monotonic()
            eventlet.sleep(TICK_SECONDS)

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/metrics":
            metrics.READY.set(not self.not_ready())
            start("200 OK", [("Content-Type", exposition.CONTENT_TYPE)])
            return [exposition.text()]
        troubles = {"/live": self.not_alive, "/ready": self.not_ready}.get(path)
        if troubles is None:
            start("404 Not Found", [])
            return []
        found = troubles()
        start("503 Service Unavailable" if found else "200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"ok": not found, "troubles": found}).encode()]

    def not_alive(self) -> list[str]:
        """Whether the event loop is stuck: then this answer comes late, or not at all."""
        return ["loop_stuck"] if time.monotonic() - self._ticked > STUCK_SECONDS else []

    def not_ready(self) -> list[str]:
        troubles = []
        if self._consumer.stopping:
            troubles.append("draining")
        elif not self._consumer.connected:
            troubles.append("broker")
        if not self._runtime.indexes_ready:
            troubles.append("indexes")
        try:
            if abs(self._runtime.database.clock_ahead()) > MOST_CLOCK_SECONDS:
                troubles.append("clock")
        except PyMongoError:
            troubles.append("database")
        return troubles
