"""The names of the category and the characteristic in a mailing's filter: people alone knows them (row N6)."""

from __future__ import annotations

from typing import Any

from gateway.bus.answers import Answer
from gateway.bus.calls import Request
from gateway.http import auth
from gateway.http.requests import bus
from services.chassis.errors import Failure

# By the filter's member, the list of people that names it.
LISTS = {
    "category": Request("people", "list_categories", {}),
    "characteristic": Request("people", "list_characteristics", {}),
}


def with_names(answer: Answer) -> Any:
    """The mailing, or the page of mailings, with these names: one call for each list, both at once, and none where no
    filter needs it. They stay null for who may not read them, and while people is away."""
    mailings = answer.get("items", [answer])
    asked = {name: request for name, request in LISTS.items() if any(one["filter"].get(name) for one in mailings)}
    if not asked:
        return answer
    with bus().gather(auth.context(), *asked.values()) as calls:
        for name, call in zip(asked, calls, strict=True):
            try:
                names = {one["id"]: one["name"] for one in call.answer()["items"]}
            except Failure:
                continue
            for reference in filter(None, (one["filter"].get(name) for one in mailings)):
                reference["name"] = names.get(reference["id"])
    return dict(answer)
