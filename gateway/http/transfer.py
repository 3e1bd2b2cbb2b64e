"""How the answers of reads travel: tagged by their content, not at all where the client has them, and compressed.

What a command answers is left alone: it is short, and may hold a secret, which must not be compressed together with
what its reader chose (BREACH).
"""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Flask, Response, request
from flask_compress import Compress  # type: ignore[import-untyped, unused-ignore]

JSON = "application/json"
NO_SECRETS = ("GET", "HEAD")
# in which order they are preferred
ENCODINGS = ("br", "gzip")
SETTINGS: dict[str, Any] = {
    "COMPRESS_ALGORITHM": ENCODINGS,
    "COMPRESS_BR_LEVEL": 2,
    "COMPRESS_LEVEL": 1,
    "COMPRESS_MIMETYPES": [JSON, "text/html", "text/css", "application/javascript", "text/javascript"],
    # bytes; less would hardly save a packet
    "COMPRESS_MIN_SIZE": 1024,
    "COMPRESS_STREAMS": False,
    "COMPRESS_EVALUATE_CONDITIONAL_REQUEST": False,
    "COMPRESS_REGISTER": False,
}
DIGEST_BYTES = 9


def register(app: Flask) -> None:
    app.config.update(SETTINGS)
    compress = Compress(app)

    def finish(response: Response) -> Response:
        if request.method not in NO_SECRETS:
            return response
        _tag(response)
        # the library takes a quality of 0 for a wish
        if any(request.accept_encodings.quality(name) > 0 for name in ENCODINGS):
            response = compress.after_request(response)
        else:
            response.vary.add("Accept-Encoding")
        return response

    app.after_request(finish)


def _tag(response: Response) -> None:
    """Gives a JSON answer its ETag: the record's version, where it has one, and a digest of what is told of it, since
    names of other records change without it. Turns it into a 304 where the client has the same one."""
    if response.status_code != 200 or response.mimetype != JSON or response.is_streamed:
        return
    version = response.get_etag()[0]
    digest = hashlib.blake2b(response.get_data(), digest_size=DIGEST_BYTES).hexdigest()
    tag = f"{version}-{digest}" if version else digest
    response.set_etag(tag)
    asked = request.if_none_match
    # `*` asks for none that is there (RFC 9110, 13.1.2); an empty tag, "", is read as None
    known = asked.star_tag or any(one and one.partition(":")[0] == tag for one in asked.as_set(include_weak=True))
    if known:
        response.status_code = 304
        response.set_data(b"")
        del response.headers["Content-Type"]
        response.headers.pop("Content-Length", None)
