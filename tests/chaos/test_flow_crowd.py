"""300 users move, tag, comment, archive and trash 200 attendances at random for 60 s, through the gateway.

`VINCULO_CROWD_SECONDS` makes it shorter or longer.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.support.stack.crowd import Crowd
from tests.support.stack.system import Client, System

USERS, SIZE = 300, 200
SECONDS = float(os.environ.get("VINCULO_CROWD_SECONDS", "60"))


@pytest.fixture
def system() -> Iterator[System]:
    with System() as running:
        yield running


def test_no_entry_is_lost_or_doubled_and_the_history_explains_every_state(system: System) -> None:
    crowd = Crowd(system, Client(system.url, "ana@padaria.example"), USERS, SIZE)
    crowd.run(SECONDS)
    counted = crowd.check()
    print("\n", USERS, "users,", SECONDS, "s:", counted)
    assert counted["done"] > USERS / 10
