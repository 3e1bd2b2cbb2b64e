"""An import as a stream: chunks of rows to `people`, a progress line each, then the report (row P8).

A chunk is one transaction; importing the file again after a failure makes no second person.
"""

from __future__ import annotations

import itertools
import json
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any, BinaryIO, cast

from gateway.imports import Row, read_rows
from gateway.problems import of_failure
from gateway.rpc import Bus
from services.chassis.context import Context
from services.chassis.errors import DeadlineExceeded, Failure, Unavailable

CHUNK_ROWS = 100
MEMORY_BYTES = 1 << 20
CHUNK_SECONDS = 30.0
RETRY_SECONDS = 30.0
PAUSE_SECONDS = 0.5
MAX_ERRORS = 10_000


def run(bus: Bus, context: Callable[[float], Context], upload: IO[bytes], layout: str) -> Iterator[str]:
    """NDJSON lines; raises Invalid("import_layout_unknown") before the first."""
    # A copy of our own: the framework closes the upload when the view returns, before the stream is read.
    copy = SpooledTemporaryFile(max_size=MEMORY_BYTES)  # noqa: SIM115 - closed by the stream that reads it
    shutil.copyfileobj(upload, copy)
    copy.seek(0)
    rows = read_rows(cast(BinaryIO, copy), layout)
    return _closing(copy, _lines(bus, context(CHUNK_SECONDS), rows))


def _closing(copy: IO[bytes], lines: Iterator[str]) -> Iterator[str]:
    with copy:
        yield from lines


def _lines(bus: Bus, context: Context, rows: Iterable[Row]) -> Iterator[str]:
    count = {"done": 0, "registered": 0, "existing": 0, "refused": 0}
    errors: list[dict[str, Any]] = []
    last_line = 0
    chunks = _chunks(rows)
    while True:
        try:
            chunk = next(chunks, [])
            outcomes = _send(bus, context, chunk)
        except Failure as failure:
            yield _json({"problem": of_failure(failure)[0], "last_line_done": last_line, **count})
            return
        if not chunk:
            break
        for outcome in outcomes:
            count[outcome["outcome"]] += 1
            if outcome["outcome"] == "refused" and len(errors) < MAX_ERRORS:
                errors.append({"line": outcome["line"], "reason": outcome["reason"]})
        count["done"] += len(chunk)
        last_line = chunk[-1].line
        yield _json(count)
    errors.sort(key=lambda error: int(error["line"]))
    yield _json({"report": {"total": count["done"], **count, "errors": errors}})


def _send(bus: Bus, context: Context, chunk: list[Row]) -> list[dict[str, Any]]:
    """What became of each row; a chunk that people did not answer is sent again until its time is over."""
    refused = [{"line": r.line, "outcome": "refused", "reason": r.reason} for r in chunk if r.person is None]
    data = {"rows": [{"line": r.line, "person": r.person} for r in chunk if r.person is not None]}
    if not data["rows"]:
        return refused
    end = time.time() + RETRY_SECONDS
    while True:
        attempt = _fresh(context, chunk)
        try:
            answer = bus.call("people", "import_persons", data, attempt, command=True)
            return [*refused, *answer["lines"]]
        except (Unavailable, DeadlineExceeded):
            if time.time() >= end:
                raise
        time.sleep(PAUSE_SECONDS)  # a refusal may come at once: people is not there


def _fresh(context: Context, chunk: list[Row]) -> Context:
    key = f"{context.idempotency_key}:{chunk[0].line}"
    fields = {**context.__dict__, "deadline": time.time() + CHUNK_SECONDS, "idempotency_key": key}
    return Context(**fields)


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    iterator = iter(rows)
    while chunk := list(itertools.islice(iterator, CHUNK_ROWS)):
        yield chunk


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
