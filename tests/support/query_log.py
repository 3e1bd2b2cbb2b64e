"""Writes down the shape of every read of a service, for the test that demands an index for each."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymongo import monitoring
from pymongo.monitoring import CommandListener

KEPT = ("filter", "sort", "limit", "skip", "pipeline")


class QueryLog(CommandListener):
    """One JSON line a find or aggregate; many processes may share the file."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def started(self, event: Any) -> None:
        if event.command_name not in ("find", "aggregate"):
            return
        line = {
            "database": event.database_name,
            "collection": event.command[event.command_name],
            "command": event.command_name,
            **{name: event.command[name] for name in KEPT if name in event.command},
        }
        os.write(self._file, (json.dumps(line, default=str) + "\n").encode())

    def succeeded(self, event: Any) -> None:
        """Nothing to note."""

    def failed(self, event: Any) -> None:
        """Nothing to note."""


@contextmanager
def recording(path: str) -> Iterator[None]:
    """What the clients that are made in the block read is written down, for as long as they live."""
    log = QueryLog(path)
    monitoring.register(log)
    try:
        yield
    finally:
        monitoring._LISTENERS.command_listeners.remove(log)
