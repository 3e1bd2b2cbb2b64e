"""One POST to a host that a company has named: to a checked address, over TLS that verifies the name, no redirects."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from services.chassis.jobs.deadline import within
from services.notifications.outbound.addresses import Reach, Unreachable, resolved

# Of an answer's body nothing is kept; so much is read, so that the connection ends politely.
MOST_READ = 4_096


@dataclass(frozen=True)
class Answer:
    status: int
    retry_after: str | None = None


class _Pinned(http.client.HTTPConnection):
    """To one address, as the host that was named."""

    def __init__(self, host: str, port: int, address: str, secure: bool, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self._address, self._secure = address, secure

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def post(url: str, body: bytes, headers: Mapping[str, str], reach: Reach, seconds: float) -> Answer:
    """Raises Unreachable for a host that may not be reached, OSError or http.client.HTTPException without an answer.

    Plain HTTP is for hosts that the installation allows by name or address.
    """
    parts = urlsplit(url)
    secure, host = parts.scheme == "https", parts.hostname or ""
    port = parts.port or (443 if secure else 80)
    if not secure and not reach.names_host(host):
        raise Unreachable("https_required")
    with within(seconds):
        address = resolved(host, port, reach)[0]
        connection = _Pinned(host, port, address, secure, seconds)
        try:
            target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
            connection.request("POST", target, body, {**headers, "Content-Length": str(len(body))})
            answer = connection.getresponse()
            answer.read(MOST_READ)
            return Answer(answer.status, answer.headers.get("Retry-After"))
        finally:
            connection.close()
