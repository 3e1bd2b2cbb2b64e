"""Fills in the names of the category and the characteristic in a mailing's filter, which only people knows (row N6)."""

from __future__ import annotations

from typing import Any

from gateway.bus.answers import Answer
from gateway.bus.calls import Request
from gateway.http import auth
from gateway.http.requests import bus
from services.chassis.errors import Failure

# By the filter's member, the query of people that lists the names.
LISTS = {
    "category": Request("people", "list_categories", {}),
    "characteristic": Request("people", "list_characteristics", {}),
}


def with_names(answer: Answer) -> Any:
    """The mailing, or the page of mailings, with these names: one call for each list, in parallel, and none where no
    filter needs it. Names stay null for a user who may not read them, and while people does not answer."""
    mailings = answer.get("items", [answer])
    requests = {name: request for name, request in LISTS.items() if any(one["filter"].get(name) for one in mailings)}
    if not requests:
        return answer
    with bus().gather(auth.context(), *requests.values()) as calls:
        for name, call in zip(requests, calls, strict=True):
            try:
                names = {one["id"]: one["name"] for one in call.answer()["items"]}
            except Failure:
                continue
            for reference in filter(None, (one["filter"].get(name) for one in mailings)):
                reference["name"] = names.get(reference["id"])
    return dict(answer)
