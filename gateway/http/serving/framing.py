"""Finds where a request's body ends, so that the poller knows when all of it has arrived.

gunicorn's parser alone decides what a request is. It is given the body found here and no byte beyond, and where the two
disagree about its end the connection ends.
"""

from __future__ import annotations

import re

# The longest line with a chunk's size, and the longest trailers.
LINE_BYTES, TRAILER_BYTES = 1 << 10, 8 << 10
SIZE = re.compile(rb"([0-9a-fA-F]{1,15})[ \t]*(?:;.*)?", re.DOTALL)


class Malformed(Exception):
    """The bytes are not a body in chunks."""


class Length:
    """A body of a known length in bytes; `content` counts the bytes that came."""

    def __init__(self, length: int) -> None:
        self._left = length
        self.content = 0

    @property
    def done(self) -> bool:
        return self._left == 0

    def take(self, data: bytearray) -> bytes:
        """Removes from `data` the bytes that belong to the body, and returns them."""
        part = bytes(data[: self._left])
        del data[: len(part)]
        self._left -= len(part)
        self.content += len(part)
        return part


class Chunks:
    """A body in chunks (RFC 9112, 7.1); `content` adds up the sizes that the chunks so far announced."""

    def __init__(self) -> None:
        self._left = 0  # of this chunk
        self._step = self._size_line
        self.done = False
        self.content = 0

    def take(self, data: bytearray) -> bytes:
        """Removes from `data` the bytes that belong to the body, and returns them; raises Malformed."""
        at = 0
        while not self.done:
            if self._left:
                size = min(self._left, len(data) - at)
                self._left -= size
            else:
                size = self._step(data, at)
            if size == 0:
                break  # more has to come
            at += size
        part = bytes(data[:at])
        del data[:at]
        return part

    def _size_line(self, data: bytearray, at: int) -> int:
        """The length of the line with the next chunk's size; 0 when the line is not whole."""
        end = data.find(b"\r\n", at, at + LINE_BYTES)
        if end < 0:
            if len(data) - at >= LINE_BYTES:
                raise Malformed
            return 0
        size = SIZE.fullmatch(data, at, end)
        if size is None:
            raise Malformed
        self._left = int(size[1], 16)
        self.content += self._left
        self._step = self._line_end if self._left else self._trailers
        return end + 2 - at

    def _line_end(self, data: bytearray, at: int) -> int:
        """The length of the line end behind a chunk; 0 when it is not whole."""
        if len(data) - at < 2:
            return 0
        if not data.startswith(b"\r\n", at):
            raise Malformed
        self._step = self._size_line
        return 2

    def _trailers(self, data: bytearray, at: int) -> int:
        """The length of all that follows the last chunk; 0 when it is not whole."""
        if data.startswith(b"\r\n", at):
            end = at + 2
        elif (blank_line := data.find(b"\r\n\r\n", at, at + TRAILER_BYTES)) >= 0:
            end = blank_line + 4
        elif len(data) - at >= TRAILER_BYTES:
            raise Malformed
        else:
            return 0
        self.done = True
        return end - at
