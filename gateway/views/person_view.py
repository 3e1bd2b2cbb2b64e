"""The person view (row G1): the answers of five services, called in parallel under one deadline.

The person is required, and comes with the options of the chosen category (row P6). A section that is not among the
options is `withheld`; an offered section whose service does not answer is `unavailable`. What the services wrote is put
together as bytes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

from gateway.bus.answers import Answer
from gateway.bus.calls import Call, Request
from gateway.bus.rpc import Bus
from services.chassis.access.context import Context
from services.chassis.errors import Failure, NotFound

# The items of a page (schemas.page_of): its first member, and the cursor is its last.
PAGE = re.compile(rb'\{"items":(\[.*\]),"next_cursor":(?:null|"[A-Za-z0-9_=-]*")\}', re.DOTALL)


@dataclass(frozen=True)
class Section:
    """A section of the view: the query that fills it, and the permission that it requires."""

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
) -> tuple[Answer, str]:
    """The view, with open attendances and opportunities, or open and closed ones; never those in the trash. And the id
    of the person in it.

    Raises NotFound("person_not_found"), Unavailable("people_unavailable"), Invalid("category_not_held") or
    Forbidden("category_hidden").
    """
    # All sections that the user may read are requested at once, without waiting for the options.
    readable = [section for section in SECTIONS if section.permission in context.permissions]
    closed = {"include_closed": include_closed}
    inputs = {"attendances": closed, "opportunities": closed}
    requests = [
        Request("people", "get_opened_person", {"id": person_id, "category": category}),
        *(
            Request(section.service, section.method, {"person_id": person_id, **inputs.get(section.name, {})})
            for section in readable
        ),
    ]
    with bus.gather(replace(context, person_asked=True), *requests) as (first, *others):
        calls = dict(zip((section.name for section in readable), others, strict=True))
        opened = first.answer()
        parts, unavailable, withheld = [opened.body[:-1]], list[str](), list[str]()
        for section in SECTIONS:
            items = None
            if section.name not in opened["options"]:
                withheld.append(section.name)
            elif (items := _items(calls.get(section.name))) is None:
                unavailable.append(section.name)
            parts.append(b'"%s":%s' % (section.name.encode(), items or b"null"))
    missing = json.dumps({"unavailable": unavailable, "withheld": withheld}).encode()
    return Answer(b",".join((*parts, missing[1:])), None), opened["person"]["id"]


def _items(call: Call | None) -> bytes | None:
    """The items of a section as its service wrote them; None where it was not requested or did not answer."""
    page = None if call is None else call.outcome()
    if isinstance(page, NotFound) and page.code == "person_not_found":
        return b"[]"  # people knows the person, and the others may not have heard yet
    if page is None or isinstance(page, Failure):
        return None
    found = PAGE.fullmatch(page.body)
    return found[1] if found else json.dumps(page["items"], ensure_ascii=False).encode()
