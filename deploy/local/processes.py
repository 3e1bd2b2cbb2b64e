"""Child processes, ports and waiting, for the local runner and the tests.

No word about what runs in the processes.
"""

from __future__ import annotations

import ctypes
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import IO

LOOPBACK = "127.0.0.1"
# below the range that operating systems give to outgoing connections
PORT_RANGE = (20_000, 32_000)
# The same in no two processes, whatever they are seeded with.
CHANCE = random.SystemRandom()
PR_SET_PDEATHSIG = 1


class LocalError(RuntimeError):
    """Something that the person at the keyboard has to know; the text is in Portuguese."""


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def free_port(taken: Collection[int] = ()) -> int:
    """A port that nobody listens to, none of `taken`; no outgoing connection takes it before its listener is there."""
    while True:
        port = CHANCE.randint(*PORT_RANGE)
        if port not in taken and is_free(port):
            return port


def private_folder(path: Path) -> Path:
    """Made, or taken back from a run that left it open to others: what is in it is read by its owner only."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def open_private(path: Path, flags: int) -> int:
    """A descriptor for writing, of a file that its owner only may read, made or not."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | flags, 0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor


def write_private(path: Path, text: str) -> None:
    """Readable by its owner only from its first byte on; replaced whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f"{path.name}.{os.getpid()}")
    with open(open_private(scratch, os.O_TRUNC), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)


class Ports:
    """Ports by name, remembered in a file, so that a second run answers at the same addresses."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}

    def get(self, name: str, preferred: int | None = None) -> int:
        """The remembered port, also where it is taken by now; else `preferred` if free, else a random free one."""
        if name not in self._known:
            self._known[name] = self._choose(preferred)
            write_private(self._path, json.dumps(self._known, indent=2))
        return self._known[name]

    def _choose(self, preferred: int | None) -> int:
        taken = set(self._known.values())
        if preferred and preferred not in taken and is_free(preferred):
            return preferred
        return free_port(taken)


def _die_with_parent(number: int) -> Callable[[], None] | None:
    """Linux only: the kernel sends the signal when the thread that started the child has gone, even by kill -9."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None, use_errno=True)
    return lambda: library.prctl(PR_SET_PDEATHSIG, number)


def spawn(
    command: Sequence[str | Path],
    log: Path,
    environment: dict[str, str] | None = None,
    on_parent_death: int = signal.SIGKILL,
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """A child in a session of its own (Ctrl-C in the terminal does not reach it) that writes to `log`; what it and its
    children write is for their owner only."""
    log.parent.mkdir(parents=True, exist_ok=True)
    sink: IO[bytes]
    with open(open_private(log, os.O_APPEND), "ab") as sink:
        return subprocess.Popen(
            [str(part) for part in command],
            env=environment,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=0o077,
            preexec_fn=_die_with_parent(on_parent_death),
        )


def end(process: subprocess.Popen[bytes], seconds: float) -> None:
    """SIGTERM, and SIGKILL when that took longer than `seconds`."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until(condition: Callable[[], bool], seconds: float, what: str, log: Path | None = None) -> None:
    """Polls; LocalError with the log's last lines when the time is over."""
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > limit:
            raise LocalError(f"{what}: sem resposta em {seconds:.0f} s\n{tail(log) if log else ''}")
        time.sleep(0.1)


def tail(log: Path, lines: int = 15) -> str:
    if not log.exists():
        return ""
    text = log.read_text(errors="replace").splitlines()[-lines:]
    return "\n".join([f"--- {log}", *text])
