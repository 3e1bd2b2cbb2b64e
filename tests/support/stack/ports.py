"""Free ports and waiting by condition."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from deploy.local import processes

T = TypeVar("T")

# Seconds between two askings.
SHORTEST_PAUSE, LONGEST_PAUSE = 0.03, 0.5

_given: set[int] = set()


def free_port() -> int:
    """A port that nobody listens to and that this process has not been given before."""
    port = processes.free_port(_given)
    _given.add(port)
    return port


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
