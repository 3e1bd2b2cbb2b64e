"""Calls on their way: what is asked, what is waited for, and the table of all that wait in this process.

The table has an end in every way: no call outlives its deadline, none stays that nobody awaits (`Bus.gather`), and a
service that answers nobody keeps at most half of the threads waiting, so that the others are still asked.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from services.chassis.errors import Failure, Unavailable, from_wire

MAX_PENDING = 1_000
# After that long without an answer to anybody, a service counts as silent.
SILENT_SECONDS = 2.0


def unavailable(service: str) -> Unavailable:
    return Unavailable(f"{service}_unavailable", "O serviço não respondeu a tempo; tente novamente em instantes.")


@dataclass(frozen=True)
class Request:
    """What is asked of a service: a command is persistent, a secret encrypted; `data` is its input as JSON."""

    service: str
    method: str
    data: dict[str, Any]
    command: bool = False
    secret: bool = False

    @property
    def routing_key(self) -> str:
        return f"{self.service}.{self.method}"


class Call:
    """A request on its way; `result()` waits until its deadline at most. One that is not awaited is cancelled."""

    def __init__(
        self,
        service: str,
        deadline: float,
        asker: object,
        forget: Callable[[Call], None],
        asked: Mapping[str, str] = MappingProxyType({}),
        secret: bool = False,
    ) -> None:
        """`deadline` in seconds since the epoch; `asker` is the same for the calls that one thread waits for.

        `asked`: the headers of the request, which its reply names. The reply to a `secret` one is encrypted.
        """
        self.id = uuid.uuid4().hex
        self.service, self.deadline, self.asker = service, deadline, asker
        self.asked, self.secret = asked, secret
        self._forget = forget
        self._answer: Future[dict[str, Any]] = Future()

    def result(self) -> Any:
        """The answer; raises the Failure it names, or Unavailable("<service>_unavailable")."""
        try:
            answer = self._answer.result(max(self.deadline - time.time(), 0))
        except (FutureTimeout, CancelledError):
            raise unavailable(self.service) from None
        finally:
            self.cancel()
        if answer["error"]:
            raise from_wire(answer["error"])
        return answer["result"]

    def outcome(self) -> Any:
        """The answer or its Failure, which is not raised."""
        try:
            return self.result()
        except Failure as failure:
            return failure

    def cancel(self) -> None:
        """Nobody waits any more: a late reply is dropped."""
        self._forget(self)
        self._answer.cancel()

    def settle(self, answer: dict[str, Any]) -> None:
        if self._answer.set_running_or_notify_cancel():
            self._answer.set_result(answer)

    def fail(self, failure: Failure) -> None:
        self.settle({"result": None, "error": failure.to_wire()})


class Pending:
    """The calls that wait for their replies, by service; for all threads. `clock` in seconds, never set back."""

    def __init__(self, threads: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`threads`: how many may wait at once in this process."""
        self._most = max(threads // 2, 1)
        self._clock = clock
        self._lock = threading.Lock()
        self._calls: dict[str, Call] = {}
        self._of: dict[str, dict[str, Call]] = defaultdict(dict)
        self._heard: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._calls)

    def __contains__(self, call: Call) -> bool:
        return call.id in self._calls

    def enter(self, call: Call) -> None:
        """Raises Unavailable("<service>_unavailable") when there are too many, or too many threads wait in vain."""
        with self._lock:
            others = self._of[call.service]
            if not others:
                self._heard[call.service] = self._clock()
            elif self._is_silent(call.service) and len({other.asker for other in others.values()}) >= self._most:
                raise unavailable(call.service)
            if len(self._calls) >= MAX_PENDING:
                raise unavailable(call.service)
            self._calls[call.id] = others[call.id] = call

    def waiting(self, call_id: str) -> Call | None:
        """The call that a message says to reply to, which goes on waiting."""
        return self._calls.get(call_id)

    def answered(self, call_id: str) -> Call | None:
        """The call that a reply is for, which waits no more; None when nobody does."""
        with self._lock:
            call = self._calls.get(call_id)
            if call is not None:
                self._heard[call.service] = self._clock()
                self._remove(call)
            return call

    def forget(self, call: Call) -> None:
        with self._lock:
            self._remove(call)

    def clear(self) -> list[Call]:
        """All of them, which wait no more."""
        with self._lock:
            found = list(self._calls.values())
            for call in found:
                self._remove(call)
            return found

    def sweep(self, now: float) -> list[Call]:
        """Those past their deadlines and those that wait in vain beyond their share, which wait no more.

        `now` in seconds since the epoch. Of a silent service the calls that came first keep their place.
        """
        with self._lock:
            found = [call for call in self._calls.values() if call.deadline <= now]
            for service in self._of:
                if self._is_silent(service):
                    found += self._beyond_share(service)
            for call in found:
                self._remove(call)
            return found

    def _beyond_share(self, service: str) -> list[Call]:
        waiting = self._of[service].values()
        first = set([*dict.fromkeys(call.asker for call in waiting)][: self._most])
        return [call for call in waiting if call.asker not in first]

    def _is_silent(self, service: str) -> bool:
        return bool(self._of[service]) and self._clock() - self._heard[service] > SILENT_SECONDS

    def _remove(self, call: Call) -> None:
        self._calls.pop(call.id, None)
        self._of[call.service].pop(call.id, None)
