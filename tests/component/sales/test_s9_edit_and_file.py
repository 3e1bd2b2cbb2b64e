"""Row S9: editing; archiving and bringing back, one or many; deleting for good, one or many."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders.closing import lose
from tests.support.builders.opportunities import filed
from tests.support.builders.sales import ids, newcomer, opportunity
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System


@pytest.fixture
def maria(system: System) -> Client:
    return newcomer(system)


def codes(report: dict[str, Any]) -> list[str | None]:
    return [item["code"] for item in report["items"]]


def test_a_version_that_is_not_the_last_is_refused(maria: Client) -> None:
    made = opportunity(maria)
    path = f"/v1/opportunities/{made['id']}"
    seen = {"If-Match": f'"{made["version"]}"'}
    maria.patch(path, {"subject": "Primeira"}, headers=seen)
    refused(maria.request("PATCH", path, json={"subject": "Segunda"}, headers=seen), 412, "version_changed")
    assert maria.get(path)["subject"] == "Primeira"


def test_an_archived_one_leaves_the_lists_and_comes_back(maria: Client) -> None:
    made = opportunity(maria)
    path = f"/v1/opportunities/{made['id']}"
    assert maria.post(f"{path}/archive", None)["archived_at"] is not None
    assert ids(maria.get(f"/v1/persons/{made['person']['id']}/opportunities")) == []
    assert ids(maria.get("/v1/opportunities")) == []
    assert ids(maria.get("/v1/opportunities/archived")) == [made["id"]]
    refused(maria.request("POST", f"{path}/archive"), 409, "opportunity_archived")
    refused(maria.request("PATCH", path, json={"subject": "x"}), 409, "opportunity_archived")
    assert maria.post(f"{path}/unarchive", None)["archived_at"] is None
    assert ids(maria.get("/v1/opportunities")) == [made["id"]]
    refused(maria.request("POST", f"{path}/unarchive"), 409, "opportunity_not_archived")


def test_many_are_archived_each_for_itself(maria: Client) -> None:
    person = maria.register("Muitas")["id"]
    made = [opportunity(maria, person)["id"] for _ in range(3)]
    maria.post(f"/v1/opportunities/{made[0]}/archive", None)
    report = filed(maria, "archive", *made, "nothing", made[1])
    assert codes(report) == ["opportunity_archived", None, None, "opportunity_not_found"]
    assert (report["done"], report["refused"]) == (2, 2)
    first = maria.get("/v1/opportunities/archived", params={"limit": 2})
    rest = maria.get("/v1/opportunities/archived", params={"limit": 2, "cursor": first["next_cursor"]})
    assert sorted(ids(first) + ids(rest)) == sorted(made)
    assert codes(filed(maria, "unarchive", *made)) == [None] * 3
    assert len(ids(maria.get("/v1/opportunities"))) == 3


def test_many_are_deleted_each_for_itself(maria: Client, bruno: Client) -> None:
    made = [opportunity(maria)["id"] for _ in range(2)]
    foreign = opportunity(bruno)["id"]
    report = filed(maria, "delete", made[0], foreign, made[1])
    assert codes(report) == [None, "opportunity_not_found", None]
    assert ids(maria.get("/v1/opportunities")) == []
    assert bruno.get(f"/v1/opportunities/{foreign}")["id"] == foreign
    assert sum(column["count"] for column in maria.get("/v1/pipeline")["columns"]) == 0


def test_wrong_edits_are_refused(system: System, maria: Client, ana: Client) -> None:
    made = opportunity(maria)
    path = f"/v1/opportunities/{made['id']}"
    for body, field in (
        ({"subject": ""}, "subject"), ({"contact_date": None}, "contact_date"), ({"amount": "-1"}, "amount"),
        ({"state": "closed"}, "state"), ({"stage_id": "x"}, "stage_id"), ({"person_id": "x"}, "person_id"),
    ):  # fmt: skip
        field_refused(maria.request("PATCH", path, json=body), field)
    refused(maria.request("PATCH", "/v1/opportunities/nothing", json={}), 404, "opportunity_not_found")
    assert lose(maria, made).ok
    refused(maria.request("PATCH", path, json={"subject": "x"}), 409, "opportunity_closed")
    viewer = newcomer(system, "viewer", "padaria")
    theirs = opportunity(ana)["id"]
    for method, what in (("PATCH", ""), ("DELETE", ""), ("POST", "/archive"), ("POST", "/unarchive")):
        answer = viewer.request(method, f"/v1/opportunities/{theirs}{what}", json={} if method == "PATCH" else None)
        refused(answer, 403, "permission_missing")
