"""What services ask of the database: the shape of every read, for the test that demands an index for each; all their
words; and the commands of one operation, for their budget."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymongo import monitoring
from pymongo.monitoring import CommandListener

from tests.support.vocabulary import Vocabulary

KEPT = ("filter", "sort", "limit", "skip", "pipeline")


class QueryLog(CommandListener):
    """One JSON line a find or aggregate; many processes may share the file."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._vocabulary = Vocabulary(path)

    def started(self, event: Any) -> None:
        self._vocabulary.note(event.command_name, event.command)
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


class CommandLog(CommandListener):
    """While it is on: each command of one thread, as "service: command collection"."""

    def __init__(self) -> None:
        self.thread: int | None = None
        self._commands: list[str] = []

    def started(self, event: Any) -> None:
        if threading.get_ident() == self.thread:
            service = event.database_name.partition("_")[2]
            about = event.command[event.command_name]
            self._commands.append(f"{service}: {event.command_name} {about if isinstance(about, str) else ''}".rstrip())

    def succeeded(self, event: Any) -> None:
        """Nothing to note."""

    def failed(self, event: Any) -> None:
        """Nothing to note."""

    @contextmanager
    def on(self, thread: int | None) -> Iterator[list[str]]:
        """The commands that the thread sends in the block."""
        self._commands, self.thread = [], thread
        try:
            yield self._commands
        finally:
            self.thread = None


@contextmanager
def listening(*listeners: CommandListener) -> Iterator[None]:
    """The clients that are made in the block tell the listeners of their commands, for as long as they live."""
    for listener in listeners:
        monitoring.register(listener)
    try:
        yield
    finally:
        for listener in listeners:
            monitoring._LISTENERS.command_listeners.remove(listener)
