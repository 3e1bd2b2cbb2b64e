"""RPC calls to the services: a request, the call that waits for its reply, and the table of the pending calls.

There is one table a process, and it is bounded: no call outlives its deadline, a call that nobody awaits is removed
(`Bus.gather`), and a service that answers nobody keeps at most half of the threads waiting, so that the other services
can still be called.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from gateway.bus.answers import Answer, answer_of, result_of
from services.chassis.errors import Failure, Unavailable

MAX_PENDING = 1_000
# A service that has answered no call for so long counts as silent.
SILENT_SECONDS = 2.0
NUMBERS = itertools.count(1)


def unavailable(service: str) -> Unavailable:
    return Unavailable(f"{service}_unavailable", "O serviço não respondeu a tempo; tente novamente em instantes.")


@dataclass(frozen=True)
class Request:
    """A method to call and its input (`data`, JSON). A command's message is persistent, a secret one's is encrypted."""

    service: str
    method: str
    data: dict[str, Any]
    command: bool = False
    secret: bool = False

    @property
    def routing_key(self) -> str:
        return f"{self.service}.{self.method}"


class Call:
    """A request that was sent; `result()` waits until its deadline at most."""

    def __init__(
        self,
        service: str,
        deadline: float,
        asker: object,
        forget: Callable[[Call], None],
        request_headers: Mapping[str, str] = MappingProxyType({}),
        secret: bool = False,
    ) -> None:
        """`deadline`: seconds since the epoch. `asker`: one object for all calls that one thread waits for.

        `request_headers`: its reply must refer to them. The reply to a `secret` call is encrypted.
        """
        # Unique in this process, which alone gets the replies; their tags prove where they come from.
        self.id = str(next(NUMBERS))
        self.service, self.deadline, self.asker = service, deadline, asker
        self.request_headers, self.secret = request_headers, secret
        self._forget = forget
        self._reply: bytes | Failure | None = None
        # Held until there is a reply; a Future would cost ten times as much.
        self._unanswered = threading.Lock()
        self._unanswered.acquire()

    def result(self) -> Any:
        """The answer; raises the Failure it names, or Unavailable("<service>_unavailable")."""
        return result_of(self._replied())

    def answer(self) -> Answer:
        """`result()` as bytes to pass on."""
        return answer_of(self._replied())

    def outcome(self) -> Answer | Failure:
        """The answer as bytes, or the Failure in its place, which is not raised."""
        try:
            return self.answer()
        except Failure as failure:
            return failure

    def _replied(self) -> bytes:
        if not self._unanswered.acquire(timeout=max(self.deadline - time.time(), 0)):
            self.cancel()
            raise unavailable(self.service)
        self._unanswered.release()
        if isinstance(self._reply, bytes):
            return self._reply
        raise self._reply or unavailable(self.service)

    def cancel(self) -> None:
        """Stops waiting; a reply that comes later is dropped."""
        self._forget(self)

    def settle(self, reply: bytes) -> None:
        """Only the first reply counts. Called by who took the call out of the table, so by one thread."""
        self._end(reply)

    def fail(self, failure: Failure) -> None:
        self._end(failure)

    def _end(self, reply: bytes | Failure) -> None:
        if self._reply is None:
            self._reply = reply
            self._unanswered.release()


class Pending:
    """The calls that wait for their replies, by service; thread-safe. `clock`: seconds, monotonic."""

    def __init__(self, threads: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`threads`: how many threads of this process may wait at once."""
        self._max_askers = max(threads // 2, 1)
        self._clock = clock
        self._lock = threading.Lock()
        self._calls: dict[str, Call] = {}
        self._by_service: dict[str, dict[str, Call]] = defaultdict(dict)
        self._answered_at: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._calls)

    def __contains__(self, call: Call) -> bool:
        return call.id in self._calls

    def enter(self, call: Call) -> None:
        """Adds a call. Raises Unavailable("<service>_unavailable") for more than MAX_PENDING calls, or when half of the
        threads wait for this service already and it is silent."""
        with self._lock:
            others = self._by_service[call.service]
            if not others:
                self._answered_at[call.service] = self._clock()
            elif self._is_silent(call.service) and len({other.asker for other in others.values()}) >= self._max_askers:
                raise unavailable(call.service)
            if len(self._calls) >= MAX_PENDING:
                raise unavailable(call.service)
            self._calls[call.id] = others[call.id] = call

    def waiting(self, call_id: str) -> Call | None:
        """The pending call of that id, which stays in the table; None when there is none."""
        return self._calls.get(call_id)

    def answered(self, call_id: str) -> Call | None:
        """Removes and returns the call that a valid reply came for; None when nobody waits for it."""
        with self._lock:
            call = self._calls.get(call_id)
            if call is not None:
                self._answered_at[call.service] = self._clock()
                self._remove(call)
            return call

    def forget(self, call: Call) -> None:
        with self._lock:
            self._remove(call)

    def clear(self) -> list[Call]:
        """Removes and returns all calls."""
        with self._lock:
            calls = list(self._calls.values())
            for call in calls:
                self._remove(call)
            return calls

    def sweep(self, now: float) -> list[Call]:
        """Removes and returns the calls past their deadlines, and those beyond the share of a silent service.

        `now`: seconds since the epoch. The calls of a silent service that came first stay, up to half of the threads.
        """
        with self._lock:
            expired = [call for call in self._calls.values() if call.deadline <= now]
            for service in self._by_service:
                if self._is_silent(service):
                    expired += self._beyond_share(service)
            for call in expired:
                self._remove(call)
            return expired

    def _beyond_share(self, service: str) -> list[Call]:
        waiting = self._by_service[service].values()
        first = set([*dict.fromkeys(call.asker for call in waiting)][: self._max_askers])
        return [call for call in waiting if call.asker not in first]

    def _is_silent(self, service: str) -> bool:
        return bool(self._by_service[service]) and self._clock() - self._answered_at[service] > SILENT_SECONDS

    def _remove(self, call: Call) -> None:
        self._calls.pop(call.id, None)
        self._by_service[call.service].pop(call.id, None)
