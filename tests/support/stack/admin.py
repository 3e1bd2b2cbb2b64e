"""The operator's command line, as a process of its own each time, whose modules are loaded once for all of them."""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import os
from collections.abc import Sequence
from multiprocessing.connection import Connection

SECONDS = 60
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["deploy.operations.command", "pytest"])


def run(arguments: Sequence[str], env: dict[str, str]) -> str:
    """What `vinculo ...` prints; AssertionError with its words where it is refused."""
    ours, theirs = _processes.Pipe(duplex=False)
    child = _processes.Process(target=_main, args=(tuple(arguments), env, theirs))
    child.start()
    theirs.close()
    try:
        assert ours.poll(SECONDS), "the command line does not end"
        done, said = ours.recv()
    except EOFError:
        done, said = False, "the command line died"
    child.join(SECONDS)
    assert done, said
    return str(said)


def _main(arguments: Sequence[str], env: dict[str, str], answer: Connection) -> None:
    import click

    from deploy.operations.command import vinculo

    os.environ.clear()
    os.environ.update(env)
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            vinculo(list(arguments), standalone_mode=False)
        answer.send((True, printed.getvalue()))
    except click.ClickException as refused:
        answer.send((False, refused.format_message()))
