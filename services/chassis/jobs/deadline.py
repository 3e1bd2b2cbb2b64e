"""One deadline over a whole piece of blocking work, however many operations it is made of.

A socket's own time-out starts anew with each operation, so a peer that sends a byte at a time is never timed out. For
green threads only: the work ends at its next wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import eventlet


class DeadlinePassed(TimeoutError):
    """The work was broken off; it is not known whether the peer did its part."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raises DeadlinePassed where the block is not done in `seconds`.

    Inside, it is eventlet's BaseException: a library that catches OSError to try the next address does not hide it.
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
        # Its traceback leads to this frame: what the block held, sockets too, would wait for the collector of cycles.
        del timer
