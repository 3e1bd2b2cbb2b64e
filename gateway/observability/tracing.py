"""The span of an HTTP request, named by its route's pattern; nothing is registered where tracing is off."""

from __future__ import annotations

from flask import Flask, Response, g, request

from services.chassis.access.keyring import GATEWAY
from services.chassis.observability import tracing


def register(app: Flask) -> None:
    """Raises EnvError. A client's `traceparent` becomes the parent of our span, but does not decide the sampling."""
    tracing.set_up(GATEWAY, joins=False)
    if tracing.is_on():
        app.before_request(_begin)
        app.after_request(_note)
        app.teardown_request(_end)


def _begin() -> None:
    route = request.url_rule.rule if request.url_rule else "(none)"
    parent = request.headers.get(tracing.HEADER)
    g.span = tracing.span(f"{request.method} {route}", tracing.SERVER, parent)
    g.span.__enter__()


def _note(response: Response) -> Response:
    tracing.note(**{"http.response.status_code": str(response.status_code)})
    return response


def _end(error: BaseException | None) -> None:
    if "span" in g:
        g.pop("span").__exit__(None, None, None)
