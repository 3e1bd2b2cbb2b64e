"""ETags, 304 and compression for the answers of reads.

The answers of commands are not changed: they are short, and may contain a secret, which must not be compressed together
with text that the caller chose (BREACH).
"""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Flask, Response, request
from flask_compress import Compress  # type: ignore[import-untyped, unused-ignore]

JSON = "application/json"
NO_SECRETS = ("GET", "HEAD")
# In the order of preference.
ENCODINGS = ("br", "gzip")
SETTINGS: dict[str, Any] = {
    "COMPRESS_ALGORITHM": ENCODINGS,
    "COMPRESS_BR_LEVEL": 2,
    "COMPRESS_LEVEL": 1,
    "COMPRESS_MIMETYPES": [JSON, "text/html", "text/css", "application/javascript", "text/javascript"],
    # In bytes; compressing less saves hardly a packet.
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
        # The library takes a quality of 0, which forbids an encoding, for a wish.
        if any(request.accept_encodings.quality(name) > 0 for name in ENCODINGS):
            response = compress.after_request(response)
        else:
            response.vary.add("Accept-Encoding")
        return response

    app.after_request(finish)


def _tag(response: Response) -> None:
    """Gives a JSON answer its ETag: the record's version, if it has one, and a digest of the content, since names of
    other records in it change without the version. Turns the answer into a 304 where the client has that ETag."""
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
