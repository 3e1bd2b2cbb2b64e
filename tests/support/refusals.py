"""Which codes each operation refuses with, as the tests see them: the table in gateway/http/document/refusals.json.

`VINCULO_WRITE_REFUSALS=1` before a run of component tests adds what they see to the table; `VINCULO_CHECK_REFUSALS=1`
makes the run fail at its end for a code that is not there. `python -m tests.contract.write_openapi` follows.
"""

from __future__ import annotations

import ast
import json
import os
from collections import defaultdict
from typing import Any

import requests

from gateway.http import problems
from gateway.http.document.codes import TABLE
from gateway.http.serving import refusals
from services.chassis.errors import KINDS
from tests.support.promised import operation_of
from tests.support.sources import modules, tree

# Where codes are the door's own: the gateway's machinery and the chassis.
DOOR = ("gateway/http", "gateway/bus", "services/chassis")
OF_ONE_ROUTE = ("uploads.py",)
REFUSALS = {kind.__name__ for kind in KINDS.values()} | {"Malformed", "TooLarge", "ConcurrentUpdate"}
SEEN: set[tuple[str, str, str]] = set()
DETAILS: dict[str, str] = {}
EMPTY: dict[str, Any] = {"everywhere": {}, "operations": {}, "details": {}}


def note(answer: requests.Response) -> None:
    """Keeps the code of a refusal, with its operation and status."""
    operation = operation_of(answer)
    if operation is None or not answer.headers.get("Content-Type", "").startswith("application/problem+json"):
        return
    problem = answer.json()
    if problem["status"] < 500 or problem["status"] == 503:
        SEEN.add((operation["operationId"], str(answer.status_code), problem["code"]))
        DETAILS.setdefault(problem["code"], problem["detail"])


def codes_of_the_door() -> set[str]:
    """Of the refusals that its sources make, and of those that it makes of Flask's."""
    found = {code for _, code, _ in problems.HTTP.values()}
    for path in modules(*DOOR):
        for call in ast.walk(tree(path)) if path.name not in OF_ONE_ROUTE else ():
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in REFUSALS and call.args:
                code = call.args[0]
                found |= {str(code.value)} if isinstance(code, ast.Constant) else set()
    return found


def of_the_wire() -> dict[tuple[str, str], str]:
    """The detail by status and code of what no application sees: requests that are refused before there is one."""
    flask = {(str(status), code): detail for status, (_, code, detail) in problems.HTTP.items()}
    return flask | {(line[:3], code): detail for code, (line, _, detail) in refusals.REFUSALS.items()}


def unlisted() -> list[tuple[str, str, str]]:
    """What was seen, and the table does not say."""
    table = read()
    return sorted(
        (operation, status, code) for operation, status, code in SEEN
        if code not in table["everywhere"].get(status, ())
        and code not in table["operations"].get(operation, {}).get(status, ())
    )  # fmt: skip


def read() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(TABLE.read_text("utf-8")) if TABLE.exists() else EMPTY
    return found


def settle() -> None:
    """At the end of a run: writes what was seen, or fails for what is not in the table, if asked."""
    if os.environ.get("VINCULO_CHECK_REFUSALS"):
        assert unlisted() == [], "not in the table: VINCULO_WRITE_REFUSALS=1, and the tests again"
    if os.environ.get("VINCULO_WRITE_REFUSALS"):
        write()


def write() -> None:
    TABLE.write_text(json.dumps(_with_seen(read()), indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")


def _with_seen(table: dict[str, Any]) -> dict[str, Any]:
    door = codes_of_the_door()
    everywhere, operations = defaultdict(set), defaultdict(lambda: defaultdict(set))  # type: ignore[var-annotated]
    for status, codes in table["everywhere"].items():
        everywhere[status] |= set(codes)
    for name, statuses in table["operations"].items():
        for status, codes in statuses.items():
            operations[name][status] |= set(codes)
    for status, code in of_the_wire():
        everywhere[status].add(code)
    for name, status, code in SEEN:
        (everywhere[status] if code in door else operations[name][status]).add(code)
    return {
        "everywhere": {status: sorted(codes) for status, codes in everywhere.items()},
        "operations": {
            name: {status: sorted(codes) for status, codes in found.items()} for name, found in operations.items()
        },
        "details": {**DETAILS, **{code: detail for (_, code), detail in of_the_wire().items()}, **table["details"]},
    }
