"""For all tests: properties are tried without a clock, so that a loaded machine fails none; passwords are cheap.

Tests that start engines are two groups for `--dist loadgroup`, of about the same length: those of the whole
installation (e2e), and those of its parts. Within a group all tests share one system, in one process.
"""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("suite", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

# All that the tests import stays: looking through it at every 700 new objects was a third of the time of some.
gc.set_threshold(50_000, 20, 50)

# Before anything hashes, here or in a process that a test starts: a tenth of what it costs a guesser, and a company's
# users. Enough of it is left to tell a login that nobody has by the time of its answer.
os.environ.setdefault("VINCULO_ARGON2_MEMORY_KIB", "8192")
os.environ.setdefault("VINCULO_ARGON2_PASSES", "1")
os.environ.setdefault("VINCULO_ARGON2_LANES", "1")

WHOLE, PARTS = "whole", "parts"
GROUPS = {"e2e": WHOLE, "component": PARTS, "integration": PARTS}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        if folder in GROUPS:
            item.add_marker(pytest.mark.xdist_group(GROUPS[folder]))
