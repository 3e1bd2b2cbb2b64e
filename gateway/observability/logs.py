"""The gateway's logs: JSON lines with the request id; never a query string, a body or an error's text."""

from __future__ import annotations

import logging
import time
import traceback
from types import TracebackType
from typing import Any

from flask import Response, current_app, g, request
from pythonjsonlogger.json import JsonFormatter

from services.chassis.observability import logs

log = logging.getLogger("gateway.access")

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
QUIET = ("live", "ready", "metrics")

ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def place_of(error: BaseException) -> str:
    """File and line where it was raised, without its text: that may hold personal data."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"


class Formatter(JsonFormatter):  # type: ignore[misc, unused-ignore]
    """An exception is its type and place."""

    def formatException(self, ei: ErrorInfo) -> str:  # noqa: N802 - logging's name
        error = ei[1]
        return f"{type(error).__name__} at {place_of(error)}" if error is not None else ""


class Scrubber(logging.Filter):
    """Adds the request id; cuts query strings from the addresses that gunicorn logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = logs.request_id.get()
        if isinstance(record.args, tuple):
            record.args = tuple(_without_query(value) for value in record.args)
        return True


def settings(level: str) -> dict[str, Any]:
    """For logging.config.dictConfig: one JSON line a record on stderr."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"scrubber": {"()": "gateway.observability.logs.Scrubber"}},
        "formatters": {
            "json": {
                "()": "gateway.observability.logs.Formatter",
                "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s",
                "static_fields": {"service": "gateway"},
                "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["scrubber"]}},
        "root": {"level": level, "handlers": ["stderr"]},
        "loggers": {
            "gunicorn.error": {"level": level, "handlers": [], "propagate": True},
            # whole addresses with their query strings: silenced
            "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
            "pika": {"level": "CRITICAL"},
        },
    }


def begin() -> None:
    g.began = time.perf_counter()


def finish(response: Response) -> Response:
    """One line and one measure a request: the route's pattern, not its path."""
    seconds = time.perf_counter() - g.get("began", time.perf_counter())
    route = request.url_rule.rule if request.url_rule else "(none)"
    method = request.method if request.method in METHODS else "OTHER"
    current_app.extensions["vinculo"].metrics.observe(method, route, response.status_code, seconds)
    fields = {"method": method, "route": route, "status": response.status_code, "ms": round(seconds * 1000)}
    log.log(logging.DEBUG if request.endpoint in QUIET else logging.INFO, "request", extra=fields)
    return response


def _without_query(value: object) -> object:
    return value.split("?", 1)[0] if isinstance(value, str) and value.startswith("/") else value
