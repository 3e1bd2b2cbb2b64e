"""Row N1: who watches a person gets one e-mail an entry; an entry costs the bus one request and one event."""

from __future__ import annotations

from tests.support.problems import refused
from tests.support.stack.system import Client


def test_an_unknown_person_cannot_be_watched(ana: Client) -> None:
    refused(ana.request("PUT", "/v1/persons/nobody/watchers/me"), 404, "person_not_found")
