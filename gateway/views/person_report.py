"""The access report (LGPD, article 18): all data that the five services hold of a person, as a stream of lines.

The first pages of all services are read in parallel, then the other pages of one service after another. The last line
says whether the report is complete.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from gateway.bus.calls import Request
from gateway.bus.rpc import Bus
from services.catalogue import SERVICES
from services.chassis.access.context import Context
from services.chassis.errors import Failure

PAGE_ROWS = 100
PAGE_SECONDS = 10.0


def run(bus: Bus, context: Context, person_id: str) -> Iterator[str]:
    """NDJSON lines; raises NotFound("person_not_found") or Unavailable("people_unavailable") before the first.

    `person_id` is the id of the survivor, not of a person merged into it. All first pages have been received or have
    failed when this returns, so that no call is pending when nobody reads the lines.
    """
    with bus.gather(_with_page_deadline(context), *(_request(service, person_id, None) for service in SERVICES)) as (
        people,
        *others,
    ):
        pages = [people.result(), *(call.outcome() for call in others)]
    return _lines(bus, context, person_id, dict(zip(SERVICES, pages, strict=True)))


def _lines(bus: Bus, context: Context, person_id: str, first: dict[str, Any]) -> Iterator[str]:
    counts = dict.fromkeys(first, 0)
    missing = []
    yield _json({"person_id": person_id, "services": list(first)})
    for service, page in first.items():
        try:
            for row in _rows(bus, context, service, person_id, page):
                counts[service] += 1
                yield _json({"service": service, **row})
        except Failure:
            missing.append(service)
    yield _json({"complete": not missing, "unavailable": missing, "rows": counts})


def _rows(bus: Bus, context: Context, service: str, person_id: str, page: Any) -> Iterator[dict[str, Any]]:
    """The rows of one service, page by page; `page` is the first page, or a Failure, which is raised."""
    if isinstance(page, Failure):
        raise page
    while True:
        yield from page["items"]
        if page["next_cursor"] is None:
            return
        request = _request(service, person_id, page["next_cursor"])
        page = bus.call(service, request.method, request.data, _with_page_deadline(context))


def _request(service: str, person_id: str, cursor: str | None) -> Request:
    return Request(service, "get_person_data", {"person_id": person_id, "limit": PAGE_ROWS, "cursor": cursor})


def _with_page_deadline(context: Context) -> Context:
    """`context` with a deadline for one page: the whole report may take longer."""
    return replace(context, deadline=time.time() + PAGE_SECONDS)


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
