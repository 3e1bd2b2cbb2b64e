"""Row N4: the company's WhatsApp account is set and removed in the version that was seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.builders import users
from tests.support.fakes.whatsapp import ACCOUNT, CloudApi
from tests.support.problems import refused
from tests.support.stack.in_process import InProcessSystem
from tests.support.stack.system import Client


@pytest.fixture
def api(ana: Client, monkeypatch: pytest.MonkeyPatch) -> Iterator[CloudApi]:
    running = CloudApi()
    monkeypatch.setenv("VINCULO_WHATSAPP_API_URL", running.api_url)
    yield running
    ana.request("DELETE", ACCOUNT)
    running.close()


def test_the_account_is_set_and_removed_in_the_version_that_was_seen(
    system: InProcessSystem, ana: Client, api: CloudApi
) -> None:
    def asked(verb: str, version: int | None, **sent: Any) -> Any:
        return ana.request(verb, ACCOUNT, headers={"If-Match": None if version is None else f'"{version}"'}, **sent)

    refused(asked("PUT", None, json=api.account()), 428, "precondition_required")
    assert asked("PUT", 0, json=api.account()).json()["version"] == 1
    other = users.as_user(system, users.create(ana, "admin"))
    assert other.put(ACCOUNT, api.account(per_minute=60))["version"] == 2
    late = refused(asked("PUT", 1, json=api.account()), 412, "version_changed")
    assert (late["current_version"], late["changed_by"]["id"]) == (2, other.session["user"]["id"])
    assert late["changed_fields"] == ["checked_at", "per_minute"]
    refused(asked("DELETE", None), 428, "precondition_required")
    refused(asked("DELETE", 1), 412, "version_changed")
    assert asked("DELETE", 2).ok
