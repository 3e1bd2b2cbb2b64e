"""The access report (LGPD, article 18): all that five services hold of a person, as a stream of lines.

All services are asked at once; then each one's pages follow. The last line says whether the report is complete.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from gateway.rpc import Bus, Call
from services.chassis.context import Context
from services.chassis.errors import Failure

OTHERS = ("attendance", "sales", "scheduling", "notifications")
PAGE_ROWS = 100
PAGE_SECONDS = 10.0


def run(bus: Bus, context: Context, person_id: str) -> Iterator[str]:
    """NDJSON lines; raises NotFound("person_not_found") or Unavailable("people_unavailable") before the first.

    `person_id` is the record's own id, not one that leads to it.
    """
    first = {service: _first(bus, context, service, person_id) for service in OTHERS}
    record = _ask(bus, context, "people", person_id, None).result()
    return _lines(bus, context, person_id, {"people": record, **first})


def _lines(bus: Bus, context: Context, person_id: str, first: dict[str, Any]) -> Iterator[str]:
    counts = dict.fromkeys(first, 0)
    missing = []
    yield _json({"person_id": person_id, "services": list(first)})
    for service, begun in first.items():
        try:
            for row in _rows(bus, context, service, person_id, begun):
                counts[service] += 1
                yield _json({"service": service, **row})
        except Failure:
            missing.append(service)
    yield _json({"complete": not missing, "unavailable": missing, "rows": counts})


def _rows(bus: Bus, context: Context, service: str, person_id: str, begun: Any) -> Iterator[dict[str, Any]]:
    """Of one service, page by page; `begun` is its first page, a call on its way, or the failure to send one."""
    if isinstance(begun, Failure):
        raise begun
    page = begun.result() if isinstance(begun, Call) else begun
    while True:
        yield from page["items"]
        if page["next_cursor"] is None:
            return
        page = _ask(bus, context, service, person_id, page["next_cursor"]).result()


def _first(bus: Bus, context: Context, service: str, person_id: str) -> Call | Failure:
    try:
        return _ask(bus, context, service, person_id, None)
    except Failure as failure:
        return failure


def _ask(bus: Bus, context: Context, service: str, person_id: str, cursor: str | None) -> Call:
    data = {"person_id": person_id, "limit": PAGE_ROWS, "cursor": cursor}
    return bus.submit(service, "get_person_data", data, replace(context, deadline=time.time() + PAGE_SECONDS))


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
