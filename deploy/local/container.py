"""RabbitMQ in a container, for machines that have Docker or Podman and no Debian packages."""

from __future__ import annotations

import secrets
import shutil
import subprocess
from pathlib import Path

from deploy.local.processes import LOOPBACK, LocalError, Ports, spawn, wait_until, write_private
from deploy.local.rabbitmq import USER, greets

IMAGE = "rabbitmq:3.13"
START_SECONDS = 300


def find_engine() -> str | None:
    """docker or podman, whichever is there and answers."""
    for name in ("docker", "podman"):
        program = shutil.which(name)
        if program and subprocess.run([program, "info"], capture_output=True, check=False).returncode == 0:
            return program
    return None


class ContainerNode:
    """The same methods as rabbitmq.PrivateNode; the data lies in a named volume."""

    def __init__(self, folder: Path, engine: str) -> None:
        self.folder = folder
        self.engine = engine
        self.log = folder / "broker.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        return Ports(self.folder / "ports.json").get("broker")

    @property
    def name(self) -> str:
        return f"vinculo-broker-{self.port}"

    @property
    def uri(self) -> str:
        return f"amqp://{USER}:{self._password()}@{LOOPBACK}:{self.port}/%2F"

    def _password(self) -> str:
        path = self.folder / "password"
        if not path.exists():
            write_private(path, secrets.token_hex(20))
        return path.read_text()

    def start(self) -> None:
        self._run("rm", "-f", self.name)
        options = ["--rm", "--name", self.name, "--hostname", "vinculo", "-p", f"{LOOPBACK}:{self.port}:5672"]
        options += ["-v", f"{self.name}:/var/lib/rabbitmq"]
        options += ["-e", f"RABBITMQ_DEFAULT_USER={USER}", "-e", f"RABBITMQ_DEFAULT_PASS={self._password()}"]
        self._process = spawn([self.engine, "run", *options, IMAGE], self.log)
        wait_until(self.answers, START_SECONDS, "RabbitMQ", self.log)

    def answers(self) -> bool:
        if self._process and self._process.poll() is not None:
            raise LocalError(f"O contêiner do RabbitMQ terminou; veja {self.log}")
        return greets(self.port)

    def alive(self) -> bool:
        return bool(self._process and self._process.poll() is None)

    def wait(self) -> int:
        return self._process.wait() if self._process else 0

    def stop(self) -> None:
        self._run("stop", "-t", "40", self.name)
        self._process = None

    def kill(self) -> None:
        self._run("kill", self.name)
        self._process = None

    def ctl(self, *args: str) -> str:
        command = [self.engine, "exec", self.name, "rabbitmqctl", "--quiet", *args]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise LocalError(f"rabbitmqctl {' '.join(args)}: {done.stderr.strip()}")
        return done.stdout

    def forget(self) -> None:
        self._run("volume", "rm", "-f", self.name)

    def _run(self, *args: str) -> None:
        subprocess.run([self.engine, *args], capture_output=True, check=False)
