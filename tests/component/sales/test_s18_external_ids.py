"""Rows S17, S18, S20: what other systems put under their own ids is within one person, and follows a merge."""

from __future__ import annotations

import pytest

from tests.support.builders import rights
from tests.support.builders.external import BODIES, owned, put, two_persons
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client


@pytest.mark.parametrize("kind", BODIES)
def test_the_same_id_of_another_person_is_another_record(ana: Client, kind: str) -> None:
    a, b = two_persons(ana)
    of_b, of_a = put(ana, b, kind), put(ana, a, kind, currency="USD")
    assert of_a["id"] != of_b["id"]
    assert of_a["source_id"] == of_b["source_id"] == "external:1"
    assert (owned(ana, a, kind), owned(ana, b, kind)) == ({of_a["id"]}, {of_b["id"]})
    again = put(ana, b, kind, currency="EUR")
    assert (again["id"], again["person_id"], again["currency"]) == (of_b["id"], b, "EUR")


@pytest.mark.parametrize("kind", BODIES)
def test_what_was_put_follows_a_merge_is_changed_under_both_ids_and_returns(ana: Client, kind: str) -> None:
    survivor, merged = two_persons(ana)
    both, own = put(ana, merged, kind)["id"], put(ana, survivor, kind)["id"]
    alone = put(ana, merged, kind, "2")["id"]
    rights.merge(ana, survivor, merged)
    wait_for(lambda: owned(ana, survivor, kind) == {both, own, alone}, what="the rows of the merged person")
    assert put(ana, merged, kind, currency="EUR")["id"] == both
    assert put(ana, survivor, kind)["id"] == own
    assert put(ana, survivor, kind, "2", currency="EUR")["id"] == alone
    assert owned(ana, survivor, kind) == {both, own, alone}
    ana.post(f"/v1/persons/{merged}/unmerge", {})
    wait_for(lambda: owned(ana, merged, kind) == {both, alone}, what="the rows of the person told apart")
    assert owned(ana, survivor, kind) == {own}
