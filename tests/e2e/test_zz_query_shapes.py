"""Runs last: every read that the services sent in these tests is served by an index, bounded, and without skip."""

from __future__ import annotations

from pathlib import Path

from deploy.topology import SERVICES
from tests.support.queries import violations
from tests.support.system import Client, System


def test_every_read_is_served_by_an_index(system: System, ana: Client, query_log: Path) -> None:
    ana.get("/v1/persons")
    assert query_log.stat().st_size > 0
    assert violations(query_log, SERVICES) == []
