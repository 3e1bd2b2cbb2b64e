"""Rows S17, S18, S20: what other systems put under their own ids is within one person, and follows a merge."""

from __future__ import annotations

import concurrent.futures

import pytest

from tests.support.builders import people, rights
from tests.support.builders.external import BODIES, owned, put, two_persons
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client


@pytest.mark.parametrize("kind", BODIES)
def test_many_who_put_it_at_once_make_one(ana: Client, kind: str) -> None:
    a, _ = two_persons(ana)
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda _: put(ana, a, kind)["id"], range(6)))
    assert {*made} == owned(ana, a, kind)
    assert len({*made}) == 1


def test_an_attendance_opened_under_another_systems_key_is_the_same_after_a_merge(ana: Client) -> None:
    survivor, merged = two_persons(ana)
    body = {"subject": "Pedido", "text": "x", "dedup_key": people.unique_word()}
    opened = ana.post(f"/v1/persons/{merged}/attendances", body)
    rights.merge(ana, survivor, merged)
    path = f"/v1/persons/{survivor}/attendances"
    wait_for(lambda: [one["id"] for one in ana.get(path)["items"]] == [opened["id"]], what="the attendance")
    for person in (merged, survivor):
        assert ana.request("POST", f"/v1/persons/{person}/attendances", json=body).json()["id"] == opened["id"]
