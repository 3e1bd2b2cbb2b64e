"""The logs of services and gateway: JSON lines with the request id, and never a payload, a secret or personal data. An
exception is logged by its type and place, since its text may contain any of them.
"""

from __future__ import annotations

import contextvars
import logging
import logging.config
import traceback
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from pythonjsonlogger.json import JsonFormatter

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="-")

# nameko logs arguments and tracebacks of messages, and kombu logs undecodable bodies.
QUIET = {name: {"level": "ERROR"} for name in ("nameko", "kombu", "amqp", "pymongo")}

ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def place_of(error: BaseException) -> str:
    """The file and line where the error was raised."""
    frames = list(traceback.walk_tb(error.__traceback__))
    return f"{frames[-1][0].f_code.co_filename}:{frames[-1][1]}" if frames else "?"


def described(error: BaseException) -> str:
    """The error's type and place, without its text."""
    return f"{type(error).__name__} at {place_of(error)}"


class Formatter(JsonFormatter):  # type: ignore[misc, unused-ignore]
    """Writes each log record as one JSON line."""

    def formatException(self, ei: ErrorInfo) -> str:  # noqa: N802 - logging's name
        return described(ei[1]) if ei[1] is not None else ""


class Scrubber(logging.Filter):
    """Adds the request id; cuts the query strings of addresses and the texts of errors that a library logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        if isinstance(record.args, tuple):
            record.args = tuple(_scrubbed(value) for value in record.args)
        return True


def settings(process: str, level: str, loggers: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration for logging.config.dictConfig: all loggers write to stderr, with `process` as their service;
    `loggers`: the settings of those that differ."""
    json = {
        "()": Formatter,
        "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s",
        "static_fields": {"service": process},
        "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"scrubber": {"()": Scrubber}},
        "formatters": {"json": json},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["scrubber"]}},
        "root": {"level": level, "handlers": ["stderr"]},
        "loggers": dict(loggers),
    }


def set_up(service: str, level: str) -> None:
    logging.config.dictConfig(settings(service, level, QUIET))


def _scrubbed(value: object) -> object:
    if isinstance(value, BaseException):
        return described(value)
    return value.split("?", 1)[0] if isinstance(value, str) and value.startswith("/") else value
