"""The gateway's gunicorn worker in a thread of the test, before a small application, and clients made of sockets."""

from __future__ import annotations

import logging
import os
import selectors
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from gunicorn.config import Config
from gunicorn.glogging import Logger

from gateway.http.serving.limits import Limits
from gateway.http.serving.spool import Budget
from gateway.http.serving.worker import PollingWorker
from tests.support.stack.ports import wait_for

# status, headers, body
Answer = tuple[int, dict[str, str], bytes]
Application = Callable[[dict[str, Any], Callable[..., Any]], Any]


class BriskSelector(selectors.DefaultSelector):
    """gunicorn's loop looks at deadlines, and at its own end, once a second; here more often."""

    def select(self, timeout: float | None = None) -> Any:
        return super().select(0.05 if timeout is None else min(timeout, 0.05))


class Served:
    """`worker` is alive until the block ends; `port` is of loopback."""

    def __init__(self, application: Application, limits: Limits, threads: int, connections: int) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as gunicorn's own listeners
        self.port = self.listener.getsockname()[1]
        settings = Config()
        for name, value in {"threads": threads, "worker_connections": connections, "keepalive": 60}.items():
            settings.set(name, value)
        settings.set("graceful_timeout", 5)
        logging.getLogger("gunicorn.error").propagate = False
        self.worker = PollingWorker(1, os.getppid(), [self.listener], None, 30, settings, Logger(settings))
        self.worker.limits, self.worker.budget = limits, Budget(limits.spool_bytes)
        self.worker.wsgi = application
        self.worker.limit_of = lambda method, path: 4 << 20 if path == "/upload" else 1 << 20
        self.thread = threading.Thread(target=self._run)
        self.clients: list[Caller] = []

    def _run(self) -> None:
        worker = self.worker
        worker.tpool = ThreadPoolExecutor(worker.cfg.threads)
        worker.poller = BriskSelector()
        worker.method_queue.init()
        worker.run()

    def client(self, seconds: float = 10) -> Caller:
        """A new connection, which ends with the block at the latest: a worker waits for those that are left."""
        self.clients.append(Caller(self.port, seconds))
        return self.clients[-1]

    def settled(self, count: int = 0) -> None:
        """No more than `count` connections are left, and nothing of what they held."""
        wait_for(lambda: len(self.worker.connections) <= count, 5, "connections end")
        wait_for(lambda: count or self.worker.budget.used == 0, 5, "nothing is kept")
        wait_for(self._agrees, 5, "the counts agree")

    def _agrees(self) -> bool:
        worker = self.worker
        return bool(worker.nr_conns == len(worker.connections) == sum(worker.addresses.values()))


@contextmanager
def served(
    application: Application, limits: Limits | None = None, threads: int = 2, connections: int = 100
) -> Iterator[Served]:
    found = Served(application, limits or Limits(), threads, connections)
    found.thread.start()
    try:
        yield found
    finally:
        for client in found.clients:
            client.close()
        found.worker.handle_exit(0, None)
        found.thread.join(20)
        assert not found.thread.is_alive()


class Caller:
    """A connection as a client has it."""

    def __init__(self, port: int, seconds: float = 10, receive_bytes: int = 0) -> None:
        self.socket = socket.socket()
        if receive_bytes:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self.socket.settimeout(seconds)
        self.socket.connect(("127.0.0.1", port))
        self._inbox = b""

    def send(self, data: bytes) -> Caller:
        self.socket.sendall(data)
        return self

    def ask(
        self, method: str = "GET", path: str = "/", body: bytes = b"", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        self.send(request(method, path, body, **headers))
        return self.answer()

    def answer(self) -> Answer:
        """Status, headers and body; ConnectionError when it ends before."""
        while b"\r\n\r\n" not in self._inbox:
            self._more()
        head, _, self._inbox = self._inbox.partition(b"\r\n\r\n")
        line, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        if headers.get("transfer-encoding") == "chunked":
            return int(line.split()[1]), headers, self._chunks()
        return int(line.split()[1]), headers, self._exactly(int(headers.get("content-length", "0")))

    def _chunks(self) -> bytes:
        found = b""
        while True:
            while b"\r\n" not in self._inbox:
                self._more()
            line, _, self._inbox = self._inbox.partition(b"\r\n")
            part = self._exactly(int(line, 16) + 2)
            if len(part) == 2:
                return found
            found += part[:-2]

    def _exactly(self, size: int) -> bytes:
        while len(self._inbox) < size:
            self._more()
        found, self._inbox = self._inbox[:size], self._inbox[size:]
        return found

    def _more(self) -> None:
        data = self.socket.recv(1 << 16)
        if not data:
            raise ConnectionError("ended")
        self._inbox += data

    def ended(self) -> bool:
        """Whether the server ended it, which is waited for."""
        try:
            return not self.socket.recv(1 << 16)
        except ConnectionError:
            return True

    def close(self) -> None:
        self.socket.close()


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """HTTP/1.1, with a Content-Length where there is a body."""
    given = {"Host": "x", **({"Content-Length": str(len(body))} if body else {})}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body
