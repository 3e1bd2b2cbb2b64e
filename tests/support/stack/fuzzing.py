"""Schemathesis on a running system: requests made from the API's document, answers held to it by all its checks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.contract.write_openapi import COMMITTED
from tests.support.builders.furnished import Known
from tests.support.stack.system import ROOT, Client

HOOKS = "tests.support.stack.fuzz_hooks"
# How often a parameter names a record that is there; else the fuzzer makes it up.
PROBABILITY = 0.8
# A body of the schema may break a rule that JSON Schema can't say (check digits, an order of days): 422 says so.
ACCEPTED = ["2xx", "3xx", "401", "403", "404", "409", "412", "422", "428", "429"]
REFUSED = [f"{status}" for status in (400, 401, 403, 404, 405, 409, 411, 412, 413, 414, 415, 422, 428, 429, 431)]
# A paper is computed for as long as that (gateway/documents); speed is for the benchmarks.
SECONDS = 60


@dataclass(frozen=True)
class Found:
    """`failures`: one text a failure, with its request as curl."""

    operations: int
    cases: int
    failures: list[str]
    output: str


def fuzz(client: Client, known: Known, folder: Path, *arguments: str) -> Found:
    """One run of its command line with all checks; `known` fills parameters of paths, queries and bodies."""
    settings, report = folder / "schemathesis.toml", folder / "report.json"
    settings.write_text(_settings(known))
    command = [
        str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(settings), "run", str(COMMITTED),
        "--url", client.url, "--header", f"Authorization: Bearer {client.session['access_token']}",
        "--checks", "all", "--continue-on-failure", "--no-color",
        # the token is the one given: checks of their own send none, or a wrong one
        "--generation-with-security-parameters", "false",
        "--request-timeout", str(SECONDS), "--report", "json", "--report-json-path", str(report), *arguments,
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert report.exists(), (done.stdout + done.stderr)[-3000:]
    return _read(json.loads(report.read_text()), done.stdout)


def _settings(known: Known) -> str:
    """In TOML, of which a JSON text is a text and a JSON list a list."""
    lines = [f"hooks = {json.dumps(HOOKS)}", "[checks]", f"max_response_time = {SECONDS}"]
    lines += [f"positive_data_acceptance = {{ expected-statuses = {json.dumps(ACCEPTED)} }}"]
    lines += ["missing_required_header = { expected-statuses = [400, 401, 403, 404, 422, 428] }"]
    lines += [f"negative_data_rejection = {{ expected-statuses = {json.dumps(REFUSED)} }}"]
    lines += ["[dictionaries]", *(f"{name} = {{ values = {json.dumps([value])} }}" for name, value in known.items())]
    lines += ["[parameters]"]
    lines += [
        f'"{place}.{name}" = {{ dictionary = "{name}", probability = {PROBABILITY} }}'
        for name in known for place in ("path", "query", "body")
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _read(report: dict[str, Any], output: str) -> Found:
    failures = [f"{one['title']}: {', '.join(one['operations'])}" for one in report["failures"]]
    failures += ["an operation could not be tested"] * report["operations"]["errored"]
    _, _, details = output.partition("= FAILURES =")
    return Found(report["operations"]["tested"], report["test_cases"]["generated"], failures, details or output)
