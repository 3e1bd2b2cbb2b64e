"""JSON logs with the request id, and never a payload, a secret or personal data."""

from __future__ import annotations

import contextvars
import logging
import sys

from pythonjsonlogger.json import JsonFormatter

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="-")


class _RequestId(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


def set_up(service: str, level: str) -> None:
    """One JSON line a record on stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_RequestId())
    handler.setFormatter(
        JsonFormatter(
            "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s",
            static_fields={"service": service},
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # nameko logs arguments and tracebacks of messages, kombu logs undecodable bodies: their words stay out.
    for name in ("nameko", "kombu", "amqp", "pymongo"):
        logging.getLogger(name).setLevel(logging.ERROR)
