"""A file on its way out: the headers under which a browser only ever saves it, and its name in every alphabet."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from urllib.parse import quote

from flask import Response
from werkzeug.datastructures import Headers

# Opened all the same, it runs nothing and is nobody's page.
POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
UNQUOTED = "!#$&+-.^_`|~"


def saved(content: bytes | Iterable[bytes], name: str, media_type: str) -> Response:
    """A response that a browser saves under `name` (RFC 6266 and 8187)."""
    headers = Headers()
    headers.set("Content-Disposition", "attachment", **_names(name))
    headers.set("Content-Security-Policy", POLICY)
    return Response(content, headers=headers, content_type=media_type)


def _names(name: str) -> dict[str, str]:
    """Old clients read the ASCII one."""
    if name.isascii():
        return {"filename": name}
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return {"filename": plain or "anexo", "filename*": f"UTF-8''{quote(name, safe=UNQUOTED)}"}
