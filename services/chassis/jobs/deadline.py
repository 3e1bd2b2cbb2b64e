"""One deadline for a whole piece of blocking work, whatever the number of its operations.

A socket's own time-out starts again with each operation, so a peer that sends one byte at a time never exceeds it. For
green threads only: the work ends at its next wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import eventlet


class DeadlinePassed(TimeoutError):
    """The work was interrupted; it is not known whether the peer did its part."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raises DeadlinePassed where the block is not done in `seconds`.

    Inside the block eventlet raises a BaseException: so a library that catches OSError, to try the next address, does
    not swallow it.
    """
    timer = eventlet.Timeout(seconds)
    try:
        yield
    except eventlet.Timeout as passed:
        if passed is not timer:
            raise
        raise DeadlinePassed(f"{seconds} s") from None
    finally:
        timer.cancel()
        # The exception's traceback refers to this frame: without the deletion, a reference cycle keeps sockets open.
        del timer
