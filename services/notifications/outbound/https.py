"""One request to a host outside: to a checked address, over TLS that verifies the name, no redirects."""

from __future__ import annotations

import datetime as dt
import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from services.chassis.jobs.deadline import within
from services.notifications.outbound.addresses import Reach, Unreachable, resolved

# Of the body of a webhook's answer; it is read so that the connection ends politely.
MOST_READ = 4_096
LONGEST_WAIT = 86_400
# Of one answer (1xx, RFC 9110).
MOST_INTERIM = 10


@dataclass(frozen=True)
class Answer:
    """`body`: as much of it as was asked for."""

    status: int
    retry_after: str | None = None
    body: bytes = b""

    def wait(self, now: dt.datetime) -> dt.timedelta | None:
        """The wait that the server asks for (Retry-After, RFC 9110), a day at most; None where it asks for none."""
        text = (self.retry_after or "").strip()
        if text.isdigit():
            return dt.timedelta(seconds=min(int(text), LONGEST_WAIT))
        try:
            asked = parsedate_to_datetime(text) - now
        except (ValueError, TypeError):
            return None
        return min(max(asked, dt.timedelta(0)), dt.timedelta(seconds=LONGEST_WAIT))


class _Response(http.client.HTTPResponse):
    """A response that limits the interim responses (1xx) before it: a host that sends them without end would never
    leave a pause in which the deadline could interrupt the reading.
    """

    _begun = 0

    def _read_status(self) -> tuple[str, int, str]:
        self._begun += 1
        if self._begun > MOST_INTERIM:
            raise http.client.HTTPException("too many interim answers")
        return super()._read_status()  # type: ignore[misc,no-any-return]


class _Pinned(http.client.HTTPConnection):
    """A connection to one checked address; TLS verifies the host's name."""

    response_class = _Response

    def __init__(self, host: str, port: int, address: str, secure: bool, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self._address, self._secure = address, secure

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def post(url: str, body: bytes, headers: Mapping[str, str], reach: Reach, seconds: float) -> Answer:
    """POST; raises as `exchange`."""
    return exchange("POST", url, body, headers, reach, seconds)


def exchange(
    method: str,
    url: str,
    body: bytes | None,
    headers: Mapping[str, str],
    reach: Reach,
    seconds: float,
    most: int = MOST_READ,
) -> Answer:
    """Reads `most` bytes of the answer's body. Raises Unreachable for a host that may not be reached, OSError or
    http.client.HTTPException without an answer.

    Plain HTTP is for hosts that the installation allows by name or address.
    """
    try:
        parts = urlsplit(url)
        secure, host = parts.scheme == "https", parts.hostname or ""
        port = parts.port or (443 if secure else 80)
    except ValueError as error:
        raise Unreachable("host_unknown") from error
    if not secure and not reach.names_host(host):
        raise Unreachable("https_required")
    with within(seconds):
        address = resolved(host, port, reach)[0]
        connection = _Pinned(host, port, address, secure, seconds)
        try:
            target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
            length = {} if body is None else {"Content-Length": str(len(body))}
            connection.request(method, target, body, {**headers, **length})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers.get("Retry-After"), answer.read(most))
        finally:
            connection.close()
