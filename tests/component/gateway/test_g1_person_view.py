"""Row G1: one call gathers five services; one that is down or late is named, and the rest comes in time."""

from __future__ import annotations

from tests.support.problems import refused
from tests.support.stack.system import Client


def test_an_unknown_person_has_no_view(ana: Client) -> None:
    refused(ana.request("GET", "/v1/persons/nobody/view"), 404, "person_not_found")
