"""The messages to services: a request with its call, or a one-way message."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pika

from gateway.bus.calls import Call, Request, unavailable
from services.chassis.access.context import seal
from services.chassis.access.keyring import Keyring

REPLY_TO = "amq.rabbitmq.reply-to"
JSON, UTF8 = "application/json", "utf-8"
TRANSIENT, PERSISTENT = 1, 2


@dataclass
class Message:
    """An outgoing message; `call` is None for a one-way message."""

    call: Call | None
    routing_key: str
    body: bytes
    properties: pika.BasicProperties

    def fail(self) -> None:
        """Called where the message could not be sent."""
        if self.call is not None:
            self.call.fail(unavailable(self.call.service))


def message_of(
    request: Request, context: str, keys: Keyring, deadline: float, asker: object, forget: Callable[[Call], None]
) -> tuple[Message, Call]:
    """The message of a request, and its call; `context` as JSON. Raises TypeError for input that is not plain JSON."""
    body = _body(request.data)
    body = keys.encrypt(request.service, body) if request.secret else body
    headers = seal(context, request.routing_key, body, keys)
    call = Call(request.service, deadline, asker, forget, headers, request.secret)
    properties = pika.BasicProperties(
        content_type=JSON,
        content_encoding=UTF8,
        correlation_id=call.id,
        reply_to=REPLY_TO,
        delivery_mode=PERSISTENT if request.command else TRANSIENT,
        headers=headers,
    )
    return Message(call, request.routing_key, body, properties), call


def one_way(service: str, method: str, data: dict[str, Any], context: str, keys: Keyring) -> Message:
    """A persistent message without a call."""
    routing_key, body = f"{service}.{method}", _body(data)
    headers = seal(context, routing_key, body, keys)
    return Message(None, routing_key, body, pika.BasicProperties(JSON, UTF8, headers, delivery_mode=PERSISTENT))


def _body(data: dict[str, Any]) -> bytes:
    return json.dumps({"args": [], "kwargs": data}, ensure_ascii=False, separators=(",", ":")).encode()
