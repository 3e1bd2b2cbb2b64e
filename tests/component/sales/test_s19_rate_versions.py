"""Row S19: a commission rate is set and taken away in the version that was seen."""

from __future__ import annotations

import requests

from tests.support.builders import people, users
from tests.support.problems import refused
from tests.support.stack.system import Client, System


def test_a_rate_is_set_and_taken_away_in_the_version_that_was_seen(system: System, ana: Client) -> None:
    path, product = "/v1/commission-rates", people.unique_word()
    rate = {"kind": "product", "code": product}

    def put(percent: str, version: int | None) -> requests.Response:
        seen = {"If-Match": None if version is None else f'"{version}"'}
        return ana.request("PUT", path, json={**rate, "percent": percent}, headers=seen)

    refused(put("5", None), 428, "precondition_required")
    refused(put("5", 3), 412, "version_changed")
    made = put("5", 0)
    assert (made.status_code, made.json()["version"], made.headers["ETag"][:2]) == (200, 1, '"1')
    refused(put("6", 0), 412, "version_changed")
    other = users.as_user(system, users.create(ana, "admin"))
    assert other.put(path, {**rate, "percent": "7"})["version"] == 2
    late = refused(put("6", 1), 412, "version_changed")
    assert (late["current_version"], late["changed_by"]["id"]) == (2, other.session["user"]["id"])
    assert late["changed_fields"] == ["percent", "set_at", "set_by"]
    one = f"{path}/{made.json()['id']}"
    refused(ana.request("DELETE", one, headers={"If-Match": None}), 428, "precondition_required")
    refused(ana.request("DELETE", one, headers={"If-Match": '"1"'}), 412, "version_changed")
    assert ana.delete(one, headers={"If-Match": '"2"'})["deleted"] is True
    refused(put("6", 2), 412, "version_changed")
