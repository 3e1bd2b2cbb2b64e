"""A message is taken as it came: kombu neither unpacks it nor finds a fault with it."""

from __future__ import annotations

import zlib
from typing import Any

import amqp
import pytest

from services.chassis.messaging.transport import RawMessage

PACKED = zlib.compress(b"x" * 1000)


@pytest.mark.parametrize("headers", [None, {}, {"compression": "gzip"}, {"compression": 5}, {"compression": {"a": 1}}])
def test_its_body_is_left_alone_whatever_its_headers_are(headers: dict[str, Any] | None) -> None:
    said = {} if headers is None else {"application_headers": dict(headers)}
    message = amqp.Message(PACKED, **said)
    message.delivery_info = {"delivery_tag": 1}
    taken = RawMessage(message)
    assert (taken.body, taken.errors, taken.headers) == (PACKED, [], {})
