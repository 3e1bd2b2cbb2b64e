"""The person view (row G1): the answers of five services, called in parallel under one deadline.

The person is required, and comes with the options of the chosen category (row P6), addresses and related persons.
Sections that most categories offer are called together with it, the others once the options are known. Sections that a
service reads from the same rows are one call. A section that is not among the options, or that its service refuses, is
`withheld`; an offered section whose service does not answer is `unavailable`. The answers are joined as bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gateway.bus.answers import Answer
from gateway.bus.calls import Request
from gateway.bus.rpc import Bus
from gateway.views.sections import COUNTED, EMPTY, Pages, members, page_of_call, with_count
from services.chassis.access.context import Context
from services.chassis.errors import Failure
from services.sales.opportunities.contract import OPEN


@dataclass(frozen=True)
class Section:
    """A section of the view: the query that fills it, and the permission that it requires.

    `data`: the query's further input. `early`: it is called before the options are known. `by_state`: its records are
    filtered by the view's states.
    """

    name: str
    service: str
    method: str
    data: Mapping[str, Any] = field(default_factory=dict)
    early: bool = False
    by_state: bool = False

    @property
    def permission(self) -> str:
        return f"{self.service}.read"

    def request(self, person_id: str, states: Sequence[str]) -> Request:
        status = {"status": list(states)} if self.by_state else {}
        return Request(self.service, self.method, {"person_id": person_id, **self.data, **status})


# The sections that the answer with the person contains.
OWN = ("addresses", "related_persons")
# Its answer also has the number of critical factors.
ATTENDANCES = Section("attendances", "attendance", "get_person_attendances", early=True, by_state=True)
SECTIONS = (
    ATTENDANCES,
    Section("production", "attendance", "list_production", COUNTED),
    Section("opportunities", "sales", "list_opportunities", COUNTED, early=True, by_state=True),
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
    """The view, and the id of the person in it. Attendances and opportunities are those in `states`, without those in
    the trash.

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
            pages = {section.name: page_of_call(calls.get(section.name)) for section in shown}
    return _assemble(opened, pages), opened["person"]["id"]


def _assemble(opened: Answer, pages: Pages) -> Answer:
    """The opened person, its sections, and which of them are missing and why."""
    own = {"related_persons": b""} if opened.get("related_persons") is not None else {}
    if "addresses" in opened["options"]:
        own["addresses"] = with_count({"items": opened["person"]["addresses"], "next_cursor": None})
    names = [*OWN, *(section.name for section in SECTIONS)]
    parts = members(names, {**pages, **own}, already_written=("related_persons", ATTENDANCES.name))
    return Answer(b",".join((opened.body[:-1], _attendances(pages.get(ATTENDANCES.name)), *parts)) + b"}", None)


def _attendances(page: bytes | Failure | None) -> bytes:
    """The members `attendances` and `critical_factors`, which one answer of attendance contains."""
    if isinstance(page, bytes) and page is not EMPTY:
        return page[1:-1]
    return b'"attendances":%s,"critical_factors":null' % (page if isinstance(page, bytes) else b"null")
