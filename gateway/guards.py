"""What a request's body may be, before any schema sees it: its size, its depth, its characters."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Response, g, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from services.chassis.errors import Invalid

BODY_BYTES = 1 << 20
IMPORT_BYTES = 64 << 20
DEPTH = 32
# NUL and lone surrogates cannot be stored or sent on.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def check_body() -> None:
    """Raises 413, 400 for what is no JSON, or Invalid("json_too_deep" | "text_invalid")."""
    limit = IMPORT_BYTES if request.mimetype == "multipart/form-data" else BODY_BYTES
    request.max_content_length = limit
    if (request.content_length or 0) > limit:
        raise RequestEntityTooLarge()
    if request.mimetype != "application/json" or not (body := request.get_data(cache=True)):
        return
    try:
        _check(json.loads(body), DEPTH)
    except RecursionError:
        raise Invalid("json_too_deep", "O JSON tem níveis demais.") from None
    except ValueError:
        raise BadRequest from None


def _check(value: Any, depth: int) -> None:
    if depth == 0:
        raise Invalid("json_too_deep", "O JSON tem níveis demais.")
    if isinstance(value, str) and UNSTORABLE.search(value):
        raise Invalid("text_invalid", "O texto tem caracteres que não podem ser gravados.")
    if isinstance(value, dict):
        for key, item in value.items():
            _check(key, depth - 1)
            _check(item, depth - 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth - 1)


def secure(response: Response) -> Response:
    """Headers of every answer."""
    response.headers["X-Request-Id"] = g.get("request_id", "")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "no-referrer"
    if request.path.startswith("/v1"):
        response.headers["Cache-Control"] = "no-store"
    return response
