"""Row G2: what comes from outside gets an answer that the API's document promises, whatever it is."""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.contract.write_openapi import COMMITTED
from tests.support.builders.furnished import Known, furnish
from tests.support.builders.sales import newcomer
from tests.support.stack.fuzzing import fuzz
from tests.support.stack.system import Client, System

SEED = "20"
# That no operation answers without a token is tested by tests/component/gateway/test_g2_without_token.py.
FEW = (
    "--exclude-checks", "ignored_auth", "--phases", "fuzzing", "--max-examples", "1", "--generation-deterministic",
    "--no-shrink", "--seed", SEED,
)  # fmt: skip
HOSTILE: tuple[Any, ...] = (
    [10**400, "a"],
    [2**63, "a"],
    ["\ud800", "a"],
    [{"t": "0001-01-01T00:00:00+14:00"}, "a"],
    [{"t": "9999-12-31T23:59:59-14:00"}, "a"],
    [{"t": 1}, {"$gt": ""}],
    [None, None],
    [0, [2**70]],
)


@pytest.fixture(scope="module")
def client(system: System) -> Client:
    """Of a company that no other test looks at."""
    return newcomer(system)


@pytest.fixture(scope="module")
def known(client: Client) -> Known:
    return furnish(client)


def test_a_short_fuzzing_of_the_api_finds_nothing(client: Client, known: Known, tmp_path: Path) -> None:
    """The long one is in tests/chaos."""
    found = fuzz(client, known, tmp_path, *FEW, "--exclude-method", "DELETE")
    print(f"\nfuzzed: {found.operations} operations, {found.cases} cases")
    assert found.failures == [], found.output
    assert found.operations > 200


def test_every_list_refuses_a_cursor_of_another_hand(client: Client, known: Known) -> None:
    document = json.loads(COMMITTED.read_text())
    lists = [path for path, verbs in document["paths"].items() if _takes_a_cursor(verbs.get("get", {}))]
    assert len(lists) > 40
    names = defaultdict(lambda: "x", known)  # what is wrong with a cursor is said before a record is looked for
    answers = {
        f"{path} {value!r:.60}": client.request("GET", path.format_map(names), params={"cursor": _written(value)})
        for path in lists for value in HOSTILE
    }  # fmt: skip
    # the cursor is refused, or the list before it: who asks is no seller, or the company has set nothing up
    wrong = {name: answer.text[:200] for name, answer in answers.items() if answer.status_code // 100 != 4}
    assert sum(answer.status_code == 422 for answer in answers.values()) > 0.8 * len(answers)
    assert wrong == {}


def _takes_a_cursor(operation: dict[str, Any]) -> bool:
    return any(parameter["name"] == "cursor" for parameter in operation.get("parameters", ()))


def _written(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()
