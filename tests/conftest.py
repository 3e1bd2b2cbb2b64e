"""For all tests: properties are tried without a clock, so that a loaded machine fails none; passwords are cheap.

`make properties` tries each of them 2,000 times; a suite that answers in minutes, 50.
"""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import HealthCheck, settings

from tests.support.stack.folders import failed_tests

settings.register_profile("suite", deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", settings.get_profile("suite"), max_examples=2_000)
settings.load_profile("suite")

# All that the tests import stays: looking through it at every 700 new objects was a third of the time of some.
gc.set_threshold(50_000, 20, 50)

# Before anything hashes, here or in a process that a test starts: a tenth of what it costs a guesser, and a company's
# users. Enough of it is left to tell a login that nobody has by the time of its answer.
os.environ.setdefault("VINCULO_ARGON2_MEMORY_KIB", "8192")
os.environ.setdefault("VINCULO_ARGON2_PASSES", "1")
os.environ.setdefault("VINCULO_ARGON2_LANES", "1")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """What the processes of a failed test wrote is kept (`LogFolder`)."""
    if report.failed:
        failed_tests.append(report.nodeid)
