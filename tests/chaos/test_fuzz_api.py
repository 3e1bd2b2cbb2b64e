"""The whole API, fuzzed from its own document with all checks of schemathesis: no 5xx, nothing that is not promised."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.builders.furnished import furnish
from tests.support.builders.sales import newcomer
from tests.support.fakes.sefaz import Sefaz
from tests.support.stack.fuzzing import Found, fuzz
from tests.support.stack.system import System

EXAMPLES = "25"
SECONDS = 7200
# What takes records away goes last: before, it would leave 404s alone to be looked at.
TAKING_AWAY = "/(erasure|merge|inactivate|delete)$"
PASSES = (
    ("--exclude-method", "DELETE", "--exclude-path-regex", TAKING_AWAY),
    ("--include-method", "DELETE"),
    ("--include-path-regex", TAKING_AWAY),
)


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    sefaz = Sefaz()
    running = System(VINCULO_NFE_URL=sefaz.url, VINCULO_NFE_TIMEOUT_SECONDS="2", VINCULO_TOKEN_SECONDS="86400")
    try:
        yield running.start()
    finally:
        running.stop()
        sefaz.close()


@pytest.mark.timeout(SECONDS)
def test_the_whole_document_holds_when_it_is_fuzzed(system: System, tmp_path: Path) -> None:
    client = newcomer(system)
    known = furnish(client)
    found: list[Found] = []
    for number, chosen in enumerate(PASSES):
        folder = tmp_path / str(number)
        folder.mkdir()
        phases = ("--phases", "examples,coverage,fuzzing", "--max-examples", EXAMPLES, "--generation-database", "none")
        found.append(fuzz(client, known, folder, *phases, *chosen))
        print(
            f"\nfuzzed: {found[-1].operations} operations, {found[-1].cases} cases, {len(found[-1].failures)} failures"
        )
    print(f"in all: {sum(one.operations for one in found)} operations, {sum(one.cases for one in found)} cases")
    assert [failure for one in found for failure in one.failures] == [], "\n".join(one.output for one in found)
    assert {name: process.alive() for name, process in system.processes.items()} == dict.fromkeys(
        system.processes, True
    )
