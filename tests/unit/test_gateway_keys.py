"""API keys at the gateway: people's word on a key is believed for a few seconds, and of a bounded number of them."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.http.keys import BELIEVED_SECONDS, MOST, KeyRing
from services.chassis.errors import Unauthenticated


class People:
    """Says whose a key is, and counts how often it is asked."""

    def __init__(self) -> None:
        self.now = 0.0
        self.asked: list[str] = []
        self.revoked: set[str] = set()
        self.ring = KeyRing(lambda: self.now)

    def verify(self, key: str) -> dict[str, Any]:
        self.asked.append(key)
        if key in self.revoked:
            raise Unauthenticated("key_invalid", "Chave inválida.")
        return {"id": key, "name": "ERP", "company": "c1", "permissions": ["people.read"], "scopes": {}}

    def whose(self, key: str) -> str:
        return str(self.ring.claims(key, self.verify)["sub"])


def test_a_key_is_believed_for_a_few_seconds_and_then_asked_for_again() -> None:
    people = People()
    for moment in (0.0, 1.0, BELIEVED_SECONDS - 0.1):
        people.now = moment
        assert people.whose("vk_a").endswith("vk_a")
    assert people.asked == ["vk_a"]
    people.now = BELIEVED_SECONDS
    people.whose("vk_a")
    assert people.asked == ["vk_a", "vk_a"]


def test_a_revoked_key_is_refused_after_those_seconds_however_busy_it_is() -> None:
    people = People()
    people.whose("vk_a")
    people.revoked.add("vk_a")
    for tenth in range(int(BELIEVED_SECONDS * 10)):
        people.now = tenth / 10
        people.whose("vk_a")
    people.now = BELIEVED_SECONDS
    with pytest.raises(Unauthenticated):
        people.whose("vk_a")


def test_a_refusal_is_not_remembered() -> None:
    people = People()
    people.revoked.add("vk_a")
    for _ in range(2):
        with pytest.raises(Unauthenticated):
            people.whose("vk_a")
    people.revoked.clear()
    assert people.whose("vk_a").endswith("vk_a")


def test_a_crowd_of_keys_drops_those_used_least_lately_and_not_the_busy_one() -> None:
    people = People()
    for number in range(MOST + 10):
        people.whose("vk_busy")
        people.whose(f"vk_{number}")
    assert people.asked.count("vk_busy") == 1
    people.whose("vk_0")
    assert people.asked.count("vk_0") == 2


def test_no_key_is_kept_in_clear() -> None:
    people = People()
    people.whose("vk_secret")
    assert "vk_secret" not in str(list(people.ring._known))
