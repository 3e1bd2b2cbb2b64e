"""Row P9: other systems come with a key: scoped, expiring, shown once, revoked within seconds."""

from __future__ import annotations

import requests

from gateway.http.keys import BELIEVED_SECONDS
from tests.support.builders import people
from tests.support.builders.keys import ask, create
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


def test_a_key_acts_within_its_permissions_and_is_the_events_actor(system: System, ana: Client) -> None:
    key = create(ana, "people.read", "people.write")
    answer = ask(system, key["key"], "POST", json={"name": people.unique_word()})
    assert answer.status_code == 201
    bearer = {"Authorization": f"Bearer {key['key']}"}
    assert requests.get(f"{system.url}/v1/persons", headers=bearer, timeout=20).status_code == 200
    refused(ask(system, key["key"], path="/v1/deliveries"), 403, "permission_missing")
    refused(ask(system, key["key"], path="/v1/session"), 403, "permission_missing")
    kept = system.mongo("people")["idempotency"].find_one({"_id": {"$regex": rf"\|key:{key['id']}\|register_person\|"}})
    assert kept is not None


def test_a_revoked_key_is_refused_within_seconds(system: System, ana: Client) -> None:
    key = create(ana, "people.read")
    assert ask(system, key["key"]).ok
    assert ana.delete(f"/v1/keys/{key['id']}")["revoked_at"] is not None
    assert ana.delete(f"/v1/keys/{key['id']}")["revoked_at"] is not None
    wait_for(lambda: ask(system, key["key"]).status_code == 401, BELIEVED_SECONDS + 5, "the key is refused")
    refused(ask(system, key["key"]), 401, "key_revoked")
