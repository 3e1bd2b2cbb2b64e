"""Free ports and waiting by condition."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# Seconds between two askings.
SHORTEST_PAUSE, LONGEST_PAUSE = 0.03, 0.5


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], T], seconds: float = 20, what: str = "condition") -> T:
    """The first truthy answer of `condition`; AssertionError when none comes within `seconds`.

    What takes long is asked for less often, so that the asking does not slow down what is waited for.
    """
    began = time.monotonic()
    deadline = began + seconds
    last: object = None
    while time.monotonic() < deadline:
        try:
            answer = condition()
            if answer:
                return answer
        except (OSError, AssertionError) as error:
            last = error
        time.sleep(min(max(SHORTEST_PAUSE, (time.monotonic() - began) / 20), LONGEST_PAUSE))
    raise AssertionError(f"{what} did not come true within {seconds} s ({last!r})")
