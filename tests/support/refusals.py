"""Which codes each operation refuses with, as the tests see them: the table in gateway/http/document/refusals.json.

Every refusal that a test sees has a code and a detail in Portuguese: the test fails where it sees another. A run of
component or end-to-end tests fails at its end for a code that the table does not have; with `VINCULO_WRITE_REFUSALS=1`
it adds it instead, and `python -m tests.contract.write_openapi` follows, which writes docs/refusals.md too.
"""

from __future__ import annotations

import ast
import fcntl
import json
import os
import re
from functools import cache
from typing import Any

import requests

from gateway.http import problems
from gateway.http.document.codes import TABLE
from gateway.http.serving import refusals
from services.chassis.errors import KINDS
from tests.support.promised import operation_of
from tests.support.sources import modules, tree

# Where codes are the door's own: the gateway's machinery and the chassis.
DOOR = ("gateway/http", "gateway/bus", *(f"services/chassis/{name}" for name in ("access", "handling", "storage")))
# Of one route; between the gateway and a service, or of no request.
INSIDE = ("uploads.py", "keyring.py", "subscriptions.py", "requests.py", "abandoned.py", "rpc.py", "letters.py")
KIND_OF = {kind.__name__: kind.kind for kind in KINDS.values()} | {"Malformed": "malformed", "TooLarge": "too_large"}
SEEN: set[tuple[str, str, str]] = set()
DETAILS: dict[str, str] = {}
CODE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")
SENTENCE = re.compile(r"[A-ZÀ-Ý“0-9].*[.!?)]", re.DOTALL)
QUOTED = re.compile(r"“[^”]*”")  # what the caller sent, or a record's name
ENGLISH = re.compile(
    r"\b(the|not|must|is|are|an|of|and|with|this|that|should|was|field|invalid|missing|required|unknown|valid|cannot)\b",
    re.IGNORECASE,
)
EMPTY: dict[str, Any] = {"everywhere": {}, "operations": {}, "details": {}}


def note(answer: requests.Response) -> None:
    """Keeps the code of a refusal, with its operation and status; asserts that it is told as refusals are."""
    operation = operation_of(answer)
    if operation is None or answer.ok:
        return
    assert answer.headers.get("Content-Type", "").startswith("application/problem+json"), answer.text[:500]
    problem = answer.json()
    assert badly_told(problem) == [], problem
    if problem["status"] < 500 or problem["status"] == 503:
        SEEN.add((operation["operationId"], str(answer.status_code), problem["code"]))
        DETAILS.setdefault(problem["code"], problem["detail"])


def badly_told(problem: dict[str, Any]) -> list[str]:
    """What a refusal lacks: a stable code, and a sentence of Portuguese for a person, of each field too."""
    lacking = [] if CODE.fullmatch(str(problem.get("code"))) else ["code"]
    lacking += [] if SENTENCE.fullmatch(str(problem.get("detail"))) else ["detail"]
    texts = _texts([problem.get("detail"), problem.get("fields")])
    return lacking + [f"English: {word}" for text in texts for word in ENGLISH.findall(QUOTED.sub("", text))]


def _texts(told: Any) -> list[str]:
    """Of messages by field, however deep; the fields' names are for programs."""
    if isinstance(told, dict | list):
        return [text for one in (told.values() if isinstance(told, dict) else told) for text in _texts(one)]
    return [told] if isinstance(told, str) else []


@cache
def of_the_door() -> dict[tuple[str, str], str]:
    """The detail by status and code of the refusals that the sources of the door make; "" where it is put together."""
    found: dict[tuple[str, str], str] = {}
    for path in modules(*DOOR):
        for call in ast.walk(tree(path)) if path.name not in INSIDE else ():
            kind = KIND_OF.get(getattr(call.func, "id", "")) if isinstance(call, ast.Call) else None
            if kind is None or not isinstance(call, ast.Call):
                continue
            texts = [str(one.value) if isinstance(one, ast.Constant) else "" for one in call.args[:2]]
            if texts and texts[0]:
                found.setdefault((str(problems.STATUS[kind][0]), texts[0]), "".join(texts[1:]))
    return found


def codes_of_the_door() -> set[str]:
    return {code for _, code in of_the_door() | of_the_wire()}


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
    """At the end of a run: fails for what was seen and is not in the table, or writes it, if asked."""
    if os.environ.get("VINCULO_WRITE_REFUSALS"):
        write()
    found = unlisted()
    told = f"{len(found)} not in the table: {found[:20]}"
    assert not found, f"{told}; these tests again with VINCULO_WRITE_REFUSALS=1, then write_openapi"


def write() -> None:
    """One process after another: each adds what it has seen."""
    with TABLE.open("r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        told = json.dumps(_with_seen(read()), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        file.truncate()
        file.write(told)


def _with_seen(table: dict[str, Any]) -> dict[str, Any]:
    """The table, with what the door's sources say and what was seen; a detail that is there stays."""
    details: dict[str, str] = {**DETAILS, **table["details"]}
    everywhere: dict[str, set[str]] = {status: set(codes) for status, codes in table["everywhere"].items()}
    told = of_the_wire() | {one: detail or details.get(one[1], "") for one, detail in of_the_door().items()}
    for (status, code), detail in told.items():
        if detail:
            everywhere.setdefault(status, set()).add(code)
            details.setdefault(code, detail)
    own: dict[str, dict[str, set[str]]] = {
        name: {status: set(codes) for status, codes in found.items()} for name, found in table["operations"].items()
    }
    door = {code for _, code in told}
    for name, status, code in SEEN:
        known = code in door or code in everywhere.get(status, ())
        holder = everywhere if known else own.setdefault(name, {})
        holder.setdefault(status, set()).add(code)
    operations = {name: _sorted(statuses) for name, statuses in own.items()}
    return {"everywhere": _sorted(everywhere), "operations": operations, "details": details}


def _sorted(codes: dict[str, set[str]]) -> dict[str, list[str]]:
    return {status: sorted(found) for status, found in codes.items()}
