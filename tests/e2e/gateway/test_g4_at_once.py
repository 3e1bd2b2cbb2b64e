"""Rules over several records hold when many write at once: a limit, a name that none other has, merges that cross."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests

from services.sales.quote_links.model import MOST_LIVE
from tests.support.builders import people, sold
from tests.support.stack.system import Client

CALLERS = 4


def at_once(*calls: Callable[[], requests.Response]) -> list[requests.Response]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return [one.result() for one in [pool.submit(call) for call in calls]]


def outcomes(answers: list[requests.Response]) -> Counter[str]:
    return Counter("done" if one.ok else str(one.json()["code"]) for one in answers)


def test_of_many_who_take_one_name_one_has_it(ana: Client) -> None:
    for path, more, code in (
        ("/v1/mail-templates", {"subject": "Olá", "text": "Olá"}, "mail_template_exists"),
        ("/v1/roles", {"permissions": ["people.read"], "scopes": {}}, "role_exists"),
    ):
        body = {"name": f"Igual {people.unique_word()}", **more}
        answers = at_once(*[lambda path=path, body=body: ana.request("POST", path, json=body)] * CALLERS)
        assert outcomes(answers) == {"done": 1, code: CALLERS - 1}, path


def test_a_limit_is_not_passed_by_those_who_come_at_once(ana: Client) -> None:
    person = ana.register(f"Compradora {people.unique_word()}")
    quote = sold.quote(ana, sold.opportunity(ana, person["id"])["id"])
    path = f"/v1/quotes/{quote['id']}/links"
    for _ in range(MOST_LIVE - 2):
        ana.post(path, {})
    answers = at_once(*[lambda: ana.request("POST", path, json={})] * CALLERS)
    assert outcomes(answers) == {"done": 2, "quote_links_full": CALLERS - 2}


def merge(ana: Client, survivor: dict[str, Any], person: dict[str, Any]) -> requests.Response:
    body = {"person_id": person["id"], "survivor_version": 1, "person_version": 1, "take": []}
    return ana.request("POST", f"/v1/persons/{survivor['id']}/merge", json=body)


def test_merges_that_cross_leave_one_survivor(ana: Client) -> None:
    for _ in range(3):
        first, second, third = (ana.register(f"Cruza {people.unique_word()}") for _ in range(3))
        answers = at_once(
            lambda a=first, b=second: merge(ana, a, b),  # type: ignore[misc]
            lambda a=second, b=first: merge(ana, a, b),  # type: ignore[misc]
            lambda a=third, b=second: merge(ana, a, b),  # type: ignore[misc]
        )
        assert all(one.status_code in (200, 409) for one in answers), [one.text for one in answers]
        assert any(one.ok for one in answers)
        found = {ana.get(f"/v1/persons/{one['id']}")["id"] for one in (first, second, third)}
        assert len(found) == 3 - outcomes(answers)["done"], "each merge leaves one fewer, and nobody is lost"
