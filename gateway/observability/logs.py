"""The gateway's logs, set up as every process's (chassis/observability/logs.py): one line a request, by its route."""

from __future__ import annotations

import logging
import time
from typing import Any

from flask import Response, current_app, g, request

from services.chassis.observability import logs

log = logging.getLogger("gateway.access")

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
QUIET = ("live", "ready", "metrics")

LOGGERS = {
    # whole addresses with their query strings: silenced
    "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
    "pika": {"level": "CRITICAL"},
}


def settings(level: str) -> dict[str, Any]:
    """The settings for logging.config.dictConfig."""
    error = {"level": level, "handlers": [], "propagate": True}
    return logs.settings("gateway", level, {**LOGGERS, "gunicorn.error": error})


def begin() -> None:
    g.began = time.perf_counter()


def finish(response: Response) -> Response:
    """Logs and measures the request by its route's pattern, never by its path."""
    seconds = time.perf_counter() - g.get("began", time.perf_counter())
    route = request.url_rule.rule if request.url_rule else "(none)"
    method = request.method if request.method in METHODS else "OTHER"
    current_app.extensions["vinculo"].metrics.observe(method, route, response.status_code, seconds)
    fields = {"method": method, "route": route, "status": response.status_code, "ms": round(seconds * 1000)}
    log.log(logging.DEBUG if request.endpoint in QUIET else logging.INFO, "request", extra=fields)
    return response
