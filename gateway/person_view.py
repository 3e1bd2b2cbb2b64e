"""The person view (row G1): one call, five services in parallel, one deadline.

The person is required, and comes with the options of the chosen category (row P6): a section that is not among them is
withheld. Any other section may be missing, and is then named.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from gateway.rpc import Bus, Call
from services.chassis.context import Context
from services.chassis.errors import Failure


@dataclass(frozen=True)
class Section:
    """A part of the view: whom to ask, and the permission that shows it."""

    name: str
    service: str
    method: str

    @property
    def permission(self) -> str:
        return f"{self.service}.read"


SECTIONS = (
    Section("attendances", "attendance", "list_attendances"),
    Section("opportunities", "sales", "list_opportunities"),
    Section("appointments", "scheduling", "list_appointments"),
    Section("watchers", "notifications", "list_watchers"),
)


def gather(
    bus: Bus, context: Context, person_id: str, category: str | None = None, include_closed: bool = False
) -> dict[str, Any]:
    """The view, with open attendances and opportunities, or open and closed ones; never what is in the trash.

    Raises NotFound("person_not_found"), Unavailable("people_unavailable"), and what the category may."""
    opened = bus.submit("people", "get_opened_person", {"id": person_id, "category": category}, context)
    # Asked at once, all that the user may read: the options come too late to wait for.
    readable = [section for section in SECTIONS if section.permission in context.permissions]
    closed = {"include_closed": include_closed}
    asked = {"attendances": closed, "opportunities": closed}
    calls = {one.name: _ask(bus, one, {"person_id": person_id, **asked.get(one.name, {})}, context) for one in readable}
    with _cancelled_after(calls):
        view: dict[str, Any] = {**opened.result(), "unavailable": [], "withheld": []}
        for section in SECTIONS:
            view[section.name] = None
            if section.name not in view["options"]:
                view["withheld"].append(section.name)
            elif (items := _items(calls.get(section.name))) is None:
                view["unavailable"].append(section.name)
            else:
                view[section.name] = items
    return view


def _ask(bus: Bus, section: Section, data: dict[str, Any], context: Context) -> Call | None:
    try:
        return bus.submit(section.service, section.method, data, context)
    except Failure:
        return None


def _items(call: Call | None) -> list[Any] | None:
    """None when the section did not answer, whatever the reason."""
    if call is None:
        return None
    try:
        items: list[Any] = call.result()["items"]
    except Failure:
        return None
    return items


@contextmanager
def _cancelled_after(calls: dict[str, Call | None]) -> Iterator[None]:
    """Without the person there is no view: nobody waits for the sections then."""
    try:
        yield
    finally:
        for call in calls.values():
            if call is not None:
                call.cancel()
