"""Row P9: what a role is narrowed to holds in every service, and a flow's papers are its users' alone.

The walk over every operation is in tests/chaos/test_narrowing.py.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import sold, users
from tests.support.builders.flows import new_flow, opened
from tests.support.builders.people import unique_word
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


@pytest.fixture(scope="module")
def rita(ana: Client) -> dict[str, Any]:
    return ana.register(f"Rita {unique_word()}", category_ids=["supplier"])


def test_who_is_narrowed_to_categories_misses_the_others_in_every_service(
    system: System, ana: Client, rita: dict[str, Any]
) -> None:
    attendance = opened(ana, "Visita", rita["id"])["id"]
    opportunity = sold.opportunity(ana, rita["id"])
    caio = users.narrowed(system, ana, category=["prospect"])
    for path in (f"persons/{rita['id']}", f"attendances/{attendance}", f"opportunities/{opportunity['id']}"):
        refused(caio.request("GET", f"/v1/{path}"), 404, f"{path.split('/')[0][:-1].replace('ie', 'y')}_not_found")
    body = {"subject": "Forno"}
    refused(caio.request("POST", f"/v1/persons/{rita['id']}/opportunities", json=body), 404, "person_not_found")
    word = rita["name"].split()[1]
    assert caio.get("/v1/persons", params={"q": word})["items"] == []
    assert word not in caio.request("GET", "/v1/persons/export.csv", params={"q": word}).text
    davi = users.narrowed(system, ana, category=["supplier"])
    assert [one["id"] for one in davi.get("/v1/persons", params={"q": word})["items"]] == [rita["id"]]


def test_an_outsider_of_a_flow_neither_reads_nor_approves_its_quotes_and_a_right_withdrawn_counts(
    system: System, ana: Client, rita: dict[str, Any]
) -> None:
    user = users.create(ana, "manager")
    caio = users.as_user(system, user)
    mine = [ana.get("/v1/session")["user"]["id"]]
    flow = new_flow(ana, user_ids=mine)["id"]
    attendance = opened(ana, "Visita", rita["id"], flow_id=flow)["id"]
    quote = ana.post(f"/v1/attendances/{attendance}/quotes", sold.offer())
    path = f"/v1/quotes/{quote['id']}"
    refused(caio.request("GET", path), 404, "quote_not_found")
    refused(caio.request("POST", f"{path}/versions/1/approve"), 404, "quote_not_found")
    refused(caio.request("POST", f"/v1/attendances/{attendance}/quotes", json=sold.offer()), 404,
            "attendance_not_found")  # fmt: skip
    assert caio.get(f"/v1/persons/{rita['id']}/quotes")["items"] == []
    ana.patch(f"/v1/flows/{flow}", {"user_ids": [*mine, user["id"]]})
    wait_for(lambda: caio.request("GET", path).ok, what="the flow's new user sees its quote")
    ana.patch(f"/v1/flows/{flow}", {"user_ids": mine})
    wait_for(lambda: caio.request("GET", path).status_code == 404, what="the right withdrawn counts")
