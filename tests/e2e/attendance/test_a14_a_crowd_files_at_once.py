"""Rows A6, A13, A14 under a small crowd; the large one (300 users, 60 s) is in tests/chaos/test_flow_crowd.py."""

from __future__ import annotations

from tests.support.stack.crowd import Crowd
from tests.support.stack.system import Client, System


def test_nothing_is_lost_doubled_or_unexplained(system: System, ana: Client) -> None:
    crowd = Crowd(system, ana, users=12, size=10)
    crowd.run(seconds=5)
    counted = crowd.check()
    assert counted["done"] > 20
