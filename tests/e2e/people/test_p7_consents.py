"""Row P7: consents by purpose and channel, given and withdrawn, with their history."""

from __future__ import annotations

from typing import Any

from tests.support.builders import people
from tests.support.stack.system import Client

GIVEN = {"purpose": "marketing", "channel": "email", "given": True, "source": "formulário", "evidence": "Ficha 12"}


def decide(client: Client, person: str, **changes: Any) -> Any:
    return client.post(f"/v1/persons/{person}/consents", {**GIVEN, **changes})["items"]


def test_the_last_decision_of_each_purpose_and_channel_is_in_force(ana: Client) -> None:
    person = ana.register(f"Titular {people.unique_word()}")["id"]
    decide(ana, person)
    decide(ana, person, channel="whatsapp")
    in_force = decide(ana, person, given=False, source="ligação", evidence="")
    assert [(c["purpose"], c["channel"], c["given"]) for c in in_force] == [
        ("marketing", "email", False), ("marketing", "whatsapp", True),
    ]  # fmt: skip
    assert ana.get(f"/v1/persons/{person}/consents")["items"] == in_force
    history = ana.get(f"/v1/persons/{person}/consent-history")["items"]
    assert [(c["channel"], c["given"], c["source"]) for c in history] == [
        ("email", False, "ligação"), ("whatsapp", True, "formulário"), ("email", True, "formulário"),
    ]  # fmt: skip
    assert {c["by"]["name"] for c in history} == {"Ana"}
    first = ana.get(f"/v1/persons/{person}/consent-history", params={"limit": 2})
    rest = ana.get(f"/v1/persons/{person}/consent-history", params={"limit": 2, "cursor": first["next_cursor"]})
    assert first["items"] + rest["items"] == history
