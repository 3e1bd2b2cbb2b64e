"""The person view (row G1): one call, five services in parallel, one deadline.

The person is required, and comes with the options of the chosen category (row P6): a section that is not among them is
withheld. Any other section may be missing, and is then named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gateway.bus.calls import Call, Request
from gateway.bus.rpc import Bus
from services.chassis.access.context import Context
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
    # Asked at once, all that the user may read: the options come too late to wait for.
    readable = [section for section in SECTIONS if section.permission in context.permissions]
    closed = {"include_closed": include_closed}
    asked = {"attendances": closed, "opportunities": closed}
    requests = [
        Request("people", "get_opened_person", {"id": person_id, "category": category}),
        *(Request(one.service, one.method, {"person_id": person_id, **asked.get(one.name, {})}) for one in readable),
    ]
    with bus.gather(context, *requests) as (opened, *others):
        calls = dict(zip((one.name for one in readable), others, strict=True))
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


def _items(call: Call | None) -> list[Any] | None:
    """None when the section did not answer, whatever the reason."""
    page = None if call is None else call.outcome()
    if page is None or isinstance(page, Failure):
        return None
    items: list[Any] = page["items"]
    return items
