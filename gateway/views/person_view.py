"""The person view (row G1): the answers of five services, called in parallel under one deadline.

The person is required, and comes with the options of the chosen category (row P6), addresses and related persons. What
most categories offer is asked for together with it, the rest when the options are known. A service is asked once for
all that it reads of the same rows. A section that is not among the options, or that its service refuses, is `withheld`;
an offered section whose service does not answer is `unavailable`. What the services wrote is put together as bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gateway.bus.answers import Answer
from gateway.bus.calls import Request
from gateway.bus.rpc import Bus
from gateway.views.sections import COUNTED, EMPTY, Pages, counted, members, page_of_call
from services.chassis.access.context import Context
from services.chassis.errors import Failure
from services.sales.opportunities.contract import OPEN


@dataclass(frozen=True)
class Section:
    """A section of the view: the query that fills it, and the permission that it requires.

    `early`: it is asked for before the options are known. `closes`: it is asked by states.
    """

    name: str
    service: str
    method: str
    asking: Mapping[str, Any] = field(default_factory=dict)
    early: bool = False
    closes: bool = False

    @property
    def permission(self) -> str:
        return f"{self.service}.read"

    def request(self, person_id: str, states: Sequence[str]) -> Request:
        states_asked = {"status": list(states)} if self.closes else {}
        return Request(self.service, self.method, {"person_id": person_id, **self.asking, **states_asked})


# Told with the person.
OWN = ("addresses", "related_persons")
# With its first page comes the number of critical factors.
ATTENDANCES = Section("attendances", "attendance", "get_person_attendances", early=True, closes=True)
SECTIONS = (
    ATTENDANCES,
    Section("production", "attendance", "list_production", COUNTED),
    Section("opportunities", "sales", "list_opportunities", COUNTED, early=True, closes=True),
    Section("orders", "sales", "list_orders", COUNTED),
    Section("receivables", "sales", "list_receivables", COUNTED),
    Section("contracts", "sales", "list_contracts", COUNTED),
    Section("service_orders", "sales", "list_service_orders", COUNTED),
    Section("commission_account", "sales", "list_commission_entries", COUNTED),
    Section("appointments", "scheduling", "list_appointments", COUNTED, early=True),
    Section("watchers", "notifications", "list_watchers", COUNTED, early=True),
)


def gather(
    bus: Bus, context: Context, person_id: str, category: str | None = None, states: Sequence[str] = (OPEN,)
) -> tuple[Answer, str]:
    """The view, with attendances and opportunities in any of the states, but never those in the trash. And the id of
    the person in it.

    Raises NotFound("person_not_found"), Unavailable("people_unavailable"), Invalid("category_not_held") or
    Forbidden("category_hidden").
    """
    context = replace(context, person_asked=True)
    readable = [section for section in SECTIONS if section.permission in context.permissions]
    early = [section for section in readable if section.early]
    requests = [section.request(person_id, states) for section in early]
    person = Request("people", "get_opened_person", {"id": person_id, "category": category})
    with bus.gather(context, person, *requests) as (first, *others):
        opened = first.answer()
        offered = opened["options"]
        late = [section for section in readable if not section.early and section.name in offered]
        requests = [section.request(opened["person"]["id"], states) for section in late]
        with bus.gather(context, *requests) as more:
            named = [section.name for section in (*early, *late)]
            calls = dict(zip(named, (*others, *more), strict=True))
            shown = [section for section in SECTIONS if section.name in offered]
            pages = {one.name: page_of_call(calls.get(one.name)) for one in shown}
    return _put_together(opened, pages), opened["person"]["id"]


def _put_together(opened: Answer, pages: Pages) -> Answer:
    """The opened person, its sections, and which of them are missing and why."""
    own = {"related_persons": b""} if opened.get("related_persons") is not None else {}
    if "addresses" in opened["options"]:
        own["addresses"] = counted({"items": opened["person"]["addresses"], "next_cursor": None})
    names = [*OWN, *(section.name for section in SECTIONS)]
    parts = members(names, {**pages, **own}, told=("related_persons", ATTENDANCES.name))
    return Answer(b",".join((opened.body[:-1], _attendances(pages.get(ATTENDANCES.name)), *parts)) + b"}", None)


def _attendances(page: bytes | Failure | None) -> bytes:
    """The two members that attendance writes at once."""
    if isinstance(page, bytes) and page is not EMPTY:
        return page[1:-1]
    return b'"attendances":%s,"critical_factors":null' % (page if isinstance(page, bytes) else b"null")
