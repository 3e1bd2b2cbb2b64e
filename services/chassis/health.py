"""`/live`, `/ready` and `/metrics` of a service, on a port of its own.

Live: the consumer's loop turns. Ready: connected to the broker, the database answers, indexes exist.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from typing import Any

import eventlet
import eventlet.wsgi
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pymongo.errors import PyMongoError

from services.chassis.runtime import Runtime

Start = Callable[[str, list[tuple[str, str]]], Any]


class Health:
    """A small WSGI application over the container's consumer and runtime."""

    def __init__(self, consumer: Any, runtime: Runtime) -> None:
        self._consumer = consumer
        self._runtime = runtime

    def serve(self, host: str, port: int) -> None:
        listener = eventlet.listen((host, port), reuse_port=False)
        eventlet.spawn(eventlet.wsgi.server, listener, self, log_output=False)

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/metrics":
            start("200 OK", [("Content-Type", CONTENT_TYPE_LATEST)])
            return [generate_latest()]
        troubles = {"/live": self.not_alive, "/ready": self.not_ready}.get(path)
        if troubles is None:
            start("404 Not Found", [])
            return []
        found = troubles()
        start("503 Service Unavailable" if found else "200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"ok": not found, "troubles": found}).encode()]

    def not_alive(self) -> list[str]:
        silent = time.monotonic() - self._consumer.last_beat
        return ["consumer_stuck"] if silent > 6 * self._runtime.config.heartbeat else []

    def not_ready(self) -> list[str]:
        troubles = []
        if not self._consumer.connected or self._consumer.stopping:
            troubles.append("broker")
        if not self._runtime.indexes_ready:
            troubles.append("indexes")
        try:
            self._runtime.database.ping()
        except PyMongoError:
            troubles.append("database")
        return troubles
