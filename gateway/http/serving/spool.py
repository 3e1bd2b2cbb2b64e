"""Byte queues (first in, first out), in memory or in an unnamed temporary file; all of a process share one budget."""

from __future__ import annotations

import tempfile
import threading


class Full(Exception):
    """The budget of the process is used up."""


class Budget:
    """The bytes that all spools of a process hold together; thread-safe."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self.used = 0

    def take(self, size: int) -> None:
        """Raises Full."""
        with self._lock:
            if self.used + size > self._most:
                raise Full
            self.used += size

    def give(self, size: int) -> None:
        with self._lock:
            self.used -= size


class Spool:
    """A queue of bytes; not thread-safe."""

    def __init__(self, budget: Budget, memory_bytes: int) -> None:
        self._budget, self._memory = budget, memory_bytes
        self._file = self._new()
        self._written = self._read = 0

    def __len__(self) -> int:
        return self._written - self._read

    def write(self, data: bytes | memoryview) -> None:
        """Raises Full, or OSError where the disk is."""
        self._budget.take(len(data))
        self._file.seek(self._written)
        self._written += self._file.write(data)

    def read(self, size: int) -> bytes:
        """Removes and returns at most `size` bytes."""
        data = self.peek(size)
        self.skip(len(data))
        return data

    def peek(self, size: int) -> bytes:
        self._file.seek(self._read)
        return self._file.read(size)

    def skip(self, size: int) -> None:
        self._read += size
        if self._read == self._written and self._written:
            self.clear()

    def clear(self) -> None:
        self._budget.give(self._written)
        self._file.close()
        self._file = self._new()
        self._written = self._read = 0

    def _new(self) -> tempfile.SpooledTemporaryFile[bytes]:
        return tempfile.SpooledTemporaryFile(self._memory, "w+b")
