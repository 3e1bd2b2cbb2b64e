"""Checks of a request before any schema sees it (size, media type, contents), and the headers of every answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from flask import Response, current_app, g, request
from werkzeug.exceptions import HTTPException, LengthRequired, RequestEntityTooLarge, UnsupportedMediaType

from gateway.http import json_body, request_rules
from gateway.http.problems import UnsupportedMedia

BODY_BYTES = 1 << 20
IMPORT_BYTES = 64 << 20
IMPORT_ENDPOINT = "imports.upload_import"
PRODUCTS_ENDPOINT = "products.import_products"
# The form of a page: names and a comment.
FORM_BYTES = 16 << 10
FORM_ENDPOINT = "quote_page.answer_shared_quote"
# One click of a mail reader (RFC 8058), or the button of the page.
OPT_OUT_ENDPOINT = "opt_out_page.opt_out"
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
# As large as Meta makes its callbacks; the raw body is what is signed.
CALLBACK_BYTES = 3 << 20
CALLBACK_ENDPOINT = "whatsapp_callbacks.take_callback"
YAML_BYTES = 256 << 10
YAML_ENDPOINT = "attendance_setup.apply_configuration"
# Read by the route itself, part by part (http/uploads.py).
UPLOAD_ENDPOINT = "attachments.upload_attachment"
OPENING_UPLOAD_ENDPOINT = "attachments.upload_opening_attachment"
WHATSAPP_FILE_ENDPOINT = "whatsapp.upload_whatsapp_file"
JSON = "application/json"
# Texts for people are in Brazilian Portuguese whatever Accept-Language says: there is no other one.
LANGUAGE = "pt-BR"
TEXTS = (JSON, "application/problem+json", "text/csv", "text/html", "text/plain", "application/pdf")
OCTETS = "application/octet-stream"
# Swagger UI starts by an inline script; no other page of ours runs a script.
DOCS_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
API_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def check_request() -> None:
    """Raises 411, 413, 415, what json_body.check and request_rules.py raise, or Invalid("text_invalid")."""
    if request.routing_exception is not None:
        return  # no route takes it: Flask answers 404 or 405 next
    for text in (*(request.view_args or {}).values(), *_texts_of_query()):
        if isinstance(text, str):
            json_body.check_text(text)
    accepted: request_rules.Accepted | None = getattr(
        current_app.view_functions[str(request.endpoint)], "accepted", None
    )
    if accepted is not None:
        request_rules.check_query(accepted, request.args)
        request_rules.check_version(accepted, request.method, request.headers.get("If-Match"))
    if request.endpoint in RAW:
        RAW[request.endpoint]()
        return
    _check_size(BODY_BYTES)
    body = _check_json()
    if accepted is not None:
        request_rules.check_body(accepted, body)


def _check_import() -> None:
    if request.content_length is None and request.environ.get("wsgi.input_terminated"):
        raise LengthRequired()  # an upload cut at the limit would look like a whole one
    _check_size(IMPORT_BYTES)


def _check_upload() -> None:
    _check_size(BODY_BYTES)


def _check_form() -> None:
    _check_size(FORM_BYTES)
    if request.mimetype != FORM or _is_compressed():
        raise UnsupportedMediaType()


def _check_opt_out() -> None:
    _check_size(FORM_BYTES)
    if request.mimetype not in ("", FORM, MULTIPART) or _is_compressed():
        raise UnsupportedMediaType()


def _check_callback() -> None:
    _check_size(CALLBACK_BYTES)
    if request.content_length is None:
        raise LengthRequired()
    if request.mimetype != JSON or _is_compressed():
        raise UnsupportedMediaType()


def _check_yaml() -> None:
    _check_size(YAML_BYTES)
    if request.content_length is None and len(request.get_data(cache=True)) >= YAML_BYTES:
        raise RequestEntityTooLarge()  # sent in chunks, and cut at the limit


def _texts_of_query() -> list[str]:
    return [text for pair in request.args.items(multi=True) for text in pair]


def body_limits(app: Any) -> Callable[[str, str], int]:
    """A function of method and path: the largest body, in bytes, that the worker (serving/) receives before it starts
    the application. A larger body is refused without being received."""
    routes = app.url_map.bind("gateway")

    def limit_of(method: str, path: str) -> int:
        try:
            endpoint, _ = routes.match(unquote(path), method)
        except HTTPException:
            return BODY_BYTES
        if endpoint == CALLBACK_ENDPOINT:
            return CALLBACK_BYTES
        large = (IMPORT_ENDPOINT, UPLOAD_ENDPOINT, WHATSAPP_FILE_ENDPOINT)
        return IMPORT_BYTES if endpoint in large else BODY_BYTES

    return limit_of


def _check_size(limit: int) -> None:
    request.max_content_length = limit
    if (request.content_length or 0) > limit:
        raise RequestEntityTooLarge()


def _check_file() -> None:
    """Raises UnsupportedMedia unless the body is the file itself: a form or a compressed body would be stored as it is,
    and nobody could open it. No media type at all means octets (RFC 9110, 8.3).
    """
    if request.mimetype not in ("", OCTETS) or _is_compressed():
        raise UnsupportedMedia(f"Envie o próprio arquivo como {OCTETS}, sem formulário e sem compactação.")


def _is_compressed() -> bool:
    return request.headers.get("Content-Encoding", "").strip().lower() not in ("", "identity")


def _check_json() -> Any:
    """The JSON that came; None where nothing did, or null."""
    body = request.get_data(cache=True)
    if not body:
        return None
    if request.content_length is None and len(body) >= BODY_BYTES:
        raise RequestEntityTooLarge()  # sent in chunks, and cut at the limit
    if request.mimetype != JSON or _is_compressed():
        raise UnsupportedMediaType()
    g.json_body = json_body.check(body)
    return g.json_body


# The routes that read their own body, and what is checked of it before.
RAW = {
    UPLOAD_ENDPOINT: _check_file,
    OPENING_UPLOAD_ENDPOINT: _check_file,
    WHATSAPP_FILE_ENDPOINT: _check_file,
    IMPORT_ENDPOINT: _check_import,
    YAML_ENDPOINT: _check_yaml,
    PRODUCTS_ENDPOINT: _check_upload,
    FORM_ENDPOINT: _check_form,
    OPT_OUT_ENDPOINT: _check_opt_out,
    CALLBACK_ENDPOINT: _check_callback,
}


def secure(response: Response) -> Response:
    """Headers of every answer."""
    is_docs = request.path == "/docs" or request.path.startswith("/docs/")
    response.headers["X-Request-Id"] = g.get("request_id", "")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    if response.mimetype in TEXTS:
        response.headers["Content-Language"] = LANGUAGE
    response.headers["Referrer-Policy"] = "no-referrer"
    # the route of a file sets a stricter policy, and lets the browser cache the file (http/downloads.py)
    response.headers.setdefault("Content-Security-Policy", DOCS_POLICY if is_docs else API_POLICY)
    if not is_docs:
        response.headers.setdefault("Cache-Control", "no-store")
    return response
