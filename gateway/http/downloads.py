"""A file as an answer: headers that make a browser save it and never show it, and its name in any alphabet."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from urllib.parse import quote

from flask import Response
from werkzeug.datastructures import Headers

# Should a browser show the file all the same, it runs no script and has no origin.
POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
UNQUOTED = "!#$&+-.^_`|~"


def as_download(content: bytes | Iterable[bytes], name: str, media_type: str) -> Response:
    """A response that a browser saves under `name` (RFC 6266 and 8187)."""
    headers = Headers()
    headers.set("Content-Disposition", "attachment", **_names(name))
    headers.set("Content-Security-Policy", POLICY)
    return Response(content, headers=headers, content_type=media_type)


def _names(name: str) -> dict[str, str]:
    """The parameters of Content-Disposition; `filename` in ASCII is for old clients."""
    if name.isascii():
        return {"filename": name}
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return {"filename": plain or "anexo", "filename*": f"UTF-8''{quote(name, safe=UNQUOTED)}"}
