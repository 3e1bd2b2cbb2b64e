"""Three facts under eventlet, run as processes of their own because the tests are not patched.

`python -m tests.support.stack.green_checks silent-database | silent-mailbox | shared-connection AMQP_URI QUEUE`;
each prints one JSON line.
"""

# ruff: noqa: E402
from __future__ import annotations

import eventlet

eventlet.monkey_patch()

import hashlib
import json
import socket
import sys
import time
from typing import Any

import amqp
from kombu import Connection
from pymongo.errors import PyMongoError

from services.chassis.storage.database import Database
from services.notifications.mail.smtp import Server
from services.notifications.mailboxes.reading import TROUBLE, look

WRITERS = 20
MESSAGES = 15


def silent_database() -> dict[str, Any]:
    """Ten reads of a server that accepts and says nothing, while a ticker counts."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    database = Database(f"mongodb://127.0.0.1:{listener.getsockname()[1]}/?directConnection=true", "silent")
    ticks = 0

    def tick() -> None:
        nonlocal ticks
        while True:
            eventlet.sleep(0.02)
            ticks += 1

    ticker = eventlet.spawn(tick)
    started = time.monotonic()
    readers = [eventlet.spawn(_read, database) for _ in range(10)]
    errors = [reader.wait() for reader in readers]
    ticker.kill()
    return {"errors": errors, "ticks": ticks, "seconds": time.monotonic() - started}


def silent_mailbox() -> dict[str, Any]:
    """Five looks into a mailbox whose server accepts and says nothing, while a ticker counts."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    server = Server("127.0.0.1", listener.getsockname()[1], username="x", password="x")
    ticks = 0

    def tick() -> None:
        nonlocal ticks
        while True:
            eventlet.sleep(0.02)
            ticks += 1

    ticker = eventlet.spawn(tick)
    started = time.monotonic()
    errors = [reader.wait() for reader in [eventlet.spawn(_look, server) for _ in range(5)]]
    ticker.kill()
    return {"errors": errors, "ticks": ticks, "seconds": time.monotonic() - started}


def _look(server: Server) -> str:
    try:
        look(server, "INBOX", None, 0, 2.0)
    except TROUBLE as error:
        return type(error).__name__
    return ""


def _read(database: Database) -> str:
    try:
        database.tenant("c").collection("things").find_one({"_id": 1})
    except PyMongoError as error:
        return type(error).__name__
    return ""


def shared_connection(uri: str, queue: str) -> dict[str, Any]:
    """Many greenlets publish on one channel at once, small bodies and bodies of many frames; what arrives is whole."""
    with Connection(uri) as connection:
        channel = connection.channel()
        channel.queue_declare(queue, durable=False, auto_delete=False)
        sent = [eventlet.spawn(_write, channel, queue, number) for number in range(WRITERS)]
        expected = sorted(digest for writer in sent for digest in writer.wait())
        return {"whole": _arrived(connection.channel(), queue, len(expected)) == expected, "count": len(expected)}


def _write(channel: Any, queue: str, number: int) -> list[str]:
    digests = []
    for turn in range(MESSAGES):
        size = 400_000 if (number + turn) % 3 == 0 else 100 + number
        body = (f"{number}:{turn}:" + chr(65 + number) * size).encode()
        digests.append(hashlib.sha256(body).hexdigest())
        channel.basic_publish(amqp.Message(body), exchange="", routing_key=queue)
    return digests


def _arrived(channel: Any, queue: str, count: int) -> list[str]:
    found: list[str] = []
    with eventlet.Timeout(30):
        while len(found) < count:
            message = channel.basic_get(queue, no_ack=True)
            if message is None:
                eventlet.sleep(0.02)
                continue
            body = message.body if isinstance(message.body, bytes) else message.body.encode()
            found.append(hashlib.sha256(body).hexdigest())
    channel.queue_delete(queue)
    return sorted(found)


if __name__ == "__main__":
    checks = {"silent-database": silent_database, "silent-mailbox": silent_mailbox}
    print(json.dumps(checks[sys.argv[1]]() if sys.argv[1] in checks else shared_connection(*sys.argv[2:4])))
