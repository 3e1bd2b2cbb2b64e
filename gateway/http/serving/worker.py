"""gunicorn's threaded worker with all waiting for clients in its poller (ADR: slow connections cost no thread).

A thread gets a request once its head and body have arrived, and hands its answer to the poller without waiting for the
client.
"""

from __future__ import annotations

import errno
import resource
import selectors
import time
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from gateway.http import guards
from gateway.http.serving import limits, refusals
from gateway.http.serving.connection import Connection, State
from gateway.http.serving.spool import Budget, Full
from services.chassis.observability.logs import place_of

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
PART_BYTES = 64 << 10
SWEEP_SECONDS = 0.25
# How long the bytes of a client that was too slow are still read after the refusal.
LATE_SECONDS = 1.0
# Health checks have a thread of their own, so that waiting requests do not delay them.
HEALTH = ("/live", "/ready")
# States in which no thread works for the connection: where room is needed these end first.
PATIENT = (State.IDLE, State.HEAD, State.BODY, State.FAREWELL)
FILES = 8_192
ACCEPTS = 16


class PollingWorker(ThreadWorker):  # type: ignore[misc, unused-ignore]
    """The poller's thread owns the connections; each thread of the pool has one request at a time."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.limits = limits.of_environment()
        self.budget = Budget(self.limits.spool_bytes)
        self.connections: dict[Connection, None] = {}
        self.addresses: Counter[str] = Counter()
        self.ended: Counter[str] = Counter()
        self.limit_of: Callable[[str, str], int]
        self._health = ThreadPoolExecutor(1, "health")
        self._swept = 0.0

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self.limit_of = guards.body_limits(self.wsgi)
        self._allow_files()

    def _allow_files(self) -> None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft != resource.RLIM_INFINITY and soft < FILES:
            most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))

    # Receiving requests.

    def accept(self, listener: Any) -> None:
        for _ in range(ACCEPTS):
            try:
                raw, client = listener.accept()
            except OSError as error:
                if error.errno in (errno.EMFILE, errno.ENFILE):
                    self._make_room(None)
                return
            conn = Connection(self.cfg, raw, client, listener.getsockname(), self.limits, self.budget, self._wake)
            self.connections[conn] = None
            self.addresses[conn.address] += 1
            self.nr_conns += 1
            if self._is_crowded(conn):
                self._make_room(conn)
            if conn in self.connections:
                self._read(conn)

    def _is_crowded(self, newcomer: Connection) -> bool:
        most = self.limits.per_address
        return self.nr_conns >= self.worker_connections or 0 < most < self.addresses[newcomer.address]

    def _make_room(self, newcomer: Connection | None) -> None:
        """Ends the longest waiting connection of the address that has most; or the newcomer, where none is waiting."""
        ((crowd, _),) = self.addresses.most_common(1) or [("", 0)]
        if newcomer is not None and self.nr_conns < self.worker_connections:
            crowd = newcomer.address
        waiting = [
            conn for conn in self.connections
            if conn.address == crowd and conn.state in PATIENT and conn is not newcomer
        ]  # fmt: skip
        victim = min(waiting, key=lambda conn: conn.since, default=newcomer)
        if victim is not None:
            self.ended["crowded"] += 1
            self._drop(victim)

    def _read(self, conn: Connection, _raw: Any = None) -> None:
        try:
            data = conn.raw.recv(PART_BYTES)
        except (BlockingIOError, InterruptedError):
            self._watch(conn, READ)
            return
        except OSError:
            data = b""
        if not data:
            self._drop(conn)
            return
        if conn.state is State.FAREWELL:
            conn.received += len(data)
            if conn.received > self.limits.farewell_bytes:
                self._drop(conn)
            return
        conn.take(data)
        self._advance(conn)

    def _advance(self, conn: Connection) -> None:
        try:
            ready = conn.advance(self.limit_of)
        except (Full, OSError):
            self._refuse(conn, "server_busy")
            return
        except Exception as error:  # a defect of the parser or of ours ends this connection, not the process
            self.log.exception("no request could be read")
            if conn.parser is None:
                self._drop(conn)
                return
            conn.refuse(error)
            ready = True
        if ready:
            self._watch(conn, 0)
            conn.enter(State.WORKING)
            self.enqueue_req(conn)
        else:
            self._watch(conn, READ)

    def enqueue_req(self, conn: Connection) -> None:
        pool = self._health if conn.path in HEALTH else self.tpool
        done = pool.submit(self.handle, conn)
        done.add_done_callback(lambda answered: self.method_queue.defer(self.finish_request, conn, answered))

    # Sending answers.

    def finish_request(self, conn: Connection, answered: Future[Any]) -> None:
        keep = not answered.cancelled() and answered.exception() is None and bool(answered.result())
        conn.answered(keep)
        self._flush(conn)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Called in a thread: writes the last answer of a connection, for an invalid request or a defect."""
        code, request_id = refusals.code_of(exc), uuid.uuid4().hex
        if code == "internal_error":
            self.log.error("defect: %s at %s (%s)", type(exc).__name__, place_of(exc), request_id)
        else:
            self.log.warning("request refused: %s (%s, %s)", code, type(exc).__name__, request_id)
        try:
            client.sendall(refusals.answer(code, request_id))
        except OSError:
            self.log.debug("the client is gone")

    def _wake(self, conn: Connection) -> None:
        """Called in the thread that makes the answer: the poller must send the rest, the client is slower."""
        self.method_queue.defer(self._flush, conn)

    def _flush(self, conn: Connection, _raw: Any = None) -> None:
        if conn not in self.connections:
            return
        if not conn.sock.flush():
            self._watch(conn, WRITE)
        elif conn.state is State.WORKING:
            self._watch(conn, 0)
        elif conn.state is State.SENDING:
            self._sent(conn)

    def _sent(self, conn: Connection) -> None:
        if conn.sock.broken:
            self._drop(conn)
        elif conn.keep:
            conn.next_request(self.cfg.keepalive if self.alive else min(self.cfg.keepalive, 2))
            self._advance(conn)
        else:
            self._take_leave(conn)

    def _take_leave(self, conn: Connection) -> None:
        """Closes for writing only, and reads what the client still sends, so that it gets to read the answer."""
        try:
            conn.raw.shutdown(1)
        except OSError:
            self._drop(conn)
            return
        conn.leave()
        self._watch(conn, READ)

    def _refuse(self, conn: Connection, code: str) -> None:
        request_id = uuid.uuid4().hex
        self.ended[code] += 1
        self.log.info("connection ended: %s (%s)", code, request_id)
        try:
            conn.sock.sendall(refusals.answer(code, request_id))
        except OSError:
            self._drop(conn)
            return
        conn.answered(False)
        self._flush(conn)

    # Deadlines.

    def murder_pending(self) -> None:
        """Called again and again by gunicorn's loop."""
        now = time.monotonic()
        if now - self._swept < SWEEP_SECONDS:
            return
        self._swept = now
        for conn in [conn for conn in self.connections if conn.is_late()]:
            self._expire(conn)

    def _expire(self, conn: Connection) -> None:
        if conn.state in (State.HEAD, State.BODY):
            conn.farewell_seconds = LATE_SECONDS  # it has had its time
            self._refuse(conn, "request_timeout")
        elif conn.state is State.WORKING:
            self.ended["answer_timeout"] += 1
            conn.sock.break_off()
        else:
            self.ended["answer_timeout"] += conn.state is State.SENDING
            self._drop(conn)

    def handle_exit(self, sig: Any, frame: Any) -> None:
        """The process stops: answers that are being made tell their clients that the connection ends."""
        super().handle_exit(sig, frame)
        for conn in list(self.connections):
            conn.announce_end()

    def murder_keepalived(self, force: bool = False) -> None:
        for conn in list(self.connections) if force else ():
            self._drop(conn)

    def _cap_keepalive(self, deadline: float) -> None:
        """The process stops: an idle client, which may be sending a request already, gets until `deadline`."""
        for conn in self.connections:
            if conn.state is State.IDLE:
                conn.deadline = min(conn.deadline, deadline)

    # The poller.

    def _watch(self, conn: Connection, events: int) -> None:
        """Watches the connection for `events` (READ or WRITE) from now on; 0 for none."""
        if events == conn.watched:
            return
        if not events:
            self.poller.unregister(conn.raw)
        else:
            change = self.poller.modify if conn.watched else self.poller.register
            change(conn.raw, events, partial(self._read if events == READ else self._flush, conn))
        conn.watched = events

    def _drop(self, conn: Connection) -> None:
        if self.connections.pop(conn, self) is self:
            return
        self._watch(conn, 0)
        self.nr_conns -= 1
        self.addresses[conn.address] -= 1
        self.addresses += Counter()
        conn.end()
