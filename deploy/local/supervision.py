"""supervisord for the local run: its configuration, its process, and its commands over a unix socket.

Knows programs and their order, not what they do.
"""

from __future__ import annotations

import hashlib
import shutil
import signal
import subprocess
import sys
import tempfile
import xmlrpc.client
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from getpass import getuser
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport

from deploy.local.processes import LocalError, end, private_folder, spawn, wait_until, write_private

STOP_SECONDS = 150
HEAD = """\
[unix_http_server]
file={socket}
chmod=0700
[supervisord]
nodaemon=true
silent=true
logfile={folder}/logs/supervisord.log
logfile_maxbytes=5MB
logfile_backups=2
pidfile={folder}/supervisord.pid
childlogdir={folder}/logs
identifier=vinculo
user={user}
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://{socket}
"""
# TERM to the program itself only: each of ours drains and ends its own children
PROGRAM = """\
[program:{name}]
command={command}
directory={directory}
environment={environment}
autostart=false
autorestart=true
startsecs=1
startretries=20
stopsignal=TERM
stopwaitsecs=30
umask=077
stopasgroup=false
killasgroup=true
redirect_stderr=true
stdout_logfile={folder}/logs/{name}.log
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=3
"""


@dataclass(frozen=True)
class Program:
    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


def _quoted(part: str) -> str:
    """For supervisord, which reads shell quotes and takes % for its own."""
    safe = part.replace("%", "%%")
    return '"' + safe.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _ends_with_parent() -> list[str]:
    """On Linux the kernel ends the programs when supervisord itself was killed: no orphan keeps a port."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv and sys.platform == "linux" else []


def configuration(folder: Path, root: Path, socket: Path, groups: Mapping[str, Sequence[Program]]) -> str:
    """`groups` in the order of starting; supervisord stops them in the opposite order, a group at a time."""
    parts = [HEAD.format(folder=str(folder).replace("%", "%%"), socket=socket, user=getuser())]
    for priority, (group, programs) in enumerate(groups.items(), start=1):
        for program in programs:
            pairs = [f"{name}={_quoted(value)}" for name, value in program.environment.items()]
            text = PROGRAM.format(
                name=program.name,
                command=" ".join(_quoted(part) for part in [*_ends_with_parent(), *program.command]),
                directory=str(root).replace("%", "%%"),
                environment=",".join(pairs),
                folder=str(folder).replace("%", "%%"),
            )
            parts.append(text)
        names = ",".join(program.name for program in programs)
        parts.append(f"[group:{group}]\nprograms={names}\npriority={priority * 10}\n")
    return "\n".join(parts)


class Supervisor:
    """One supervisord, which ends with us, in order, also when we are killed."""

    def __init__(self, folder: Path, root: Path, groups: Mapping[str, Sequence[Program]]) -> None:
        self.folder = folder
        self.log = folder / "logs" / "supervisord.out"
        digest = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
        # a unix socket's path may have about 100 bytes: the folder's may be longer
        self._socket = Path(tempfile.gettempdir()) / f"vinculo-{digest}.sock"
        self._configuration = folder / "supervisord.conf"
        write_private(self._configuration, configuration(folder, root, self._socket, groups))
        for log in private_folder(folder / "logs").iterdir():
            log.chmod(0o600)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, environment: dict[str, str]) -> None:
        program = Path(sys.executable).parent / "supervisord"
        command: list[str | Path] = [program, "-n", "-c", self._configuration]
        self._process = spawn(command, self.log, environment, on_parent_death=signal.SIGTERM)
        wait_until(self._answers, 20, "supervisord", self.log)

    def _answers(self) -> bool:
        if self._process and self._process.poll() is not None:
            raise LocalError(f"O supervisord terminou ao iniciar; veja {self.log}")
        try:
            return bool(self._api.getState()["statename"] == "RUNNING")
        except (OSError, xmlrpc.client.Error):
            return False

    @property
    def _api(self) -> Any:
        transport = SupervisorTransport("", "", f"unix://{self._socket}")
        return xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport).supervisor

    def start_group(self, group: str) -> None:
        self._api.startProcessGroup(group, False)

    def states(self) -> dict[str, str]:
        return {row["name"]: row["statename"] for row in self._api.getAllProcessInfo()}

    def alive(self) -> bool:
        return bool(self._process and self._process.poll() is None)

    def stop(self) -> None:
        """Everything, in the opposite order of starting."""
        if self._process:
            end(self._process, STOP_SECONDS)
            self._process = None
        self._socket.unlink(missing_ok=True)
