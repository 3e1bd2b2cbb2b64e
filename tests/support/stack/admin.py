"""The operator's command line, as a process of its own each time, whose modules are loaded once for all of them."""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import os
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection

SECONDS = 120
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(
    ["deploy.operations.users", "deploy.operations.status", "deploy.operations.backup.command", "pytest"]
)


@dataclass(frozen=True)
class Called:
    """How `vinculo ...` ended, and what it said."""

    code: int
    out: str
    err: str


def call(arguments: Sequence[str], env: dict[str, str]) -> Called:
    """AssertionError where it does not end."""
    ours, theirs = _processes.Pipe(duplex=False)
    child = _processes.Process(target=_main, args=(tuple(arguments), env, theirs))
    child.start()
    theirs.close()
    try:
        assert ours.poll(SECONDS), "the command line does not end"
        called: Called = ours.recv()
    except EOFError:
        raise AssertionError("the command line died") from None
    finally:
        child.join(SECONDS)
    return called


def run(arguments: Sequence[str], env: dict[str, str]) -> str:
    """What `vinculo ...` prints; AssertionError with its words where it is refused."""
    called = call(arguments, env)
    assert called.code == 0, called.err
    return called.out


def _main(arguments: Sequence[str], env: dict[str, str], answer: Connection) -> None:
    from deploy.operations.command import vinculo

    os.environ.clear()
    os.environ.update(env)
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            vinculo(list(arguments), prog_name="vinculo")
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
    answer.send(Called(code, out.getvalue(), err.getvalue()))
