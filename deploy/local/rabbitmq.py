"""One private RabbitMQ node from the server that is on the machine: its environment, its processes, its commands.

Nothing of the machine's own broker is read or changed: node name, ports, cookie, port mapper, configuration and data
all lie in one folder. Debian's wrapper scripts change to the user `rabbitmq`; the scripts beneath them are called.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from deploy.local.processes import LOOPBACK, LocalError, Ports, end, spawn, tail, wait_until, write_private

SCRIPT_FOLDERS = (
    "/usr/lib/rabbitmq/bin",
    "/usr/local/lib/rabbitmq/sbin",
    "/opt/homebrew/opt/rabbitmq/sbin",
    "/usr/local/opt/rabbitmq/sbin",
    "/usr/local/sbin",
    "/usr/sbin",
)
START_SECONDS = 120
STOP_SECONDS = 40
USER = "vinculo"
CONFIGURATION = """\
default_user = {user}
default_pass = {password}
default_user_tags.administrator = true
disk_free_limit.absolute = 100MB
raft.wal_max_size_bytes = 67108864
log.console = false
log.file.level = info
log.file.rotation.size = 10485760
log.file.rotation.count = 3
"""
# an idle broker must not warm a laptop; other nodes never reach this one
ERLANG = "+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}"


def find_scripts() -> Path | None:
    """The folder that holds both rabbitmq-server and rabbitmqctl."""
    on_path = shutil.which("rabbitmq-server")
    folders = [Path(name) for name in SCRIPT_FOLDERS] + ([Path(on_path).resolve().parent] if on_path else [])
    for folder in folders:
        if (folder / "rabbitmq-server").exists() and (folder / "rabbitmqctl").exists():
            return folder
    return None


def find_epmd() -> Path:
    """Erlang's port mapper; beside `erl`, or in its library folder."""
    erl = shutil.which("erl")
    folders = [Path(erl).parent, *Path(erl).resolve().parents] if erl else []
    found = shutil.which("epmd")
    candidates = [Path(found)] if found else []
    for folder in folders:
        candidates += [folder / "epmd", *folder.glob("erts-*/bin/epmd")]
    for candidate in candidates:
        if candidate.exists():
            return candidate
    raise LocalError("O epmd (do Erlang) não foi encontrado ao lado do rabbitmq-server.")


class PrivateNode:
    """Starts in `folder`; the same folder gives the same data, ports and password again."""

    def __init__(self, folder: Path, scripts: Path) -> None:
        self.folder = folder
        self.scripts = scripts
        self.log = folder / "broker.log"
        self._server: subprocess.Popen[bytes] | None = None
        self._epmd: subprocess.Popen[bytes] | None = None

    @property
    def ports(self) -> Ports:
        return Ports(self.folder / "ports.json")

    @property
    def port(self) -> int:
        return self.ports.get("broker")

    @property
    def uri(self) -> str:
        return f"amqp://{USER}:{self.secret('password')}@{LOOPBACK}:{self.port}/%2F"

    def secret(self, name: str) -> str:
        path = self.folder / name
        if not path.exists():
            write_private(path, secrets.token_hex(20))
        return path.read_text()

    def environment(self) -> dict[str, str]:
        """Every setting that would else be read from the machine's own broker."""
        folder, distribution = self.folder, self.ports.get("distribution")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("RABBITMQ_", "ERL_", "NOTIFY_"))}
        return kept | {
            "HOME": str(folder / "home"),
            "ERL_EPMD_PORT": str(self.ports.get("epmd")),
            "ERL_EPMD_ADDRESS": LOOPBACK,
            "RABBITMQ_NODENAME": f"vinculo-{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": LOOPBACK,
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_CTL_DIST_PORT_MIN": str(distribution + 1),
            "RABBITMQ_CTL_DIST_PORT_MAX": str(distribution + 40),
            "RABBITMQ_CONF_ENV_FILE": str(folder / "env.conf"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_CONFIG_FILES": str(folder / "conf.d"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "generated"),
            "RABBITMQ_SCHEMA_DIR": str(folder / "schema"),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_PID_FILE": str(folder / "broker.pid"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": ERLANG,
            # makes the script become the Erlang process instead of its parent
            "RUNNING_UNDER_SYSTEMD": "true",
        }

    def write_files(self) -> None:
        for name in ("home", "conf.d", "generated", "schema", "data", "log"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        texts = {"env.conf": "", "advanced.config": "[].\n", "enabled_plugins": "[].\n"}
        texts["rabbitmq.conf"] = CONFIGURATION.format(user=USER, password=self.secret("password"))
        for name, text in texts.items():
            write_private(self.folder / name, text)
        cookie = self.folder / "home" / ".erlang.cookie"
        if not cookie.exists():
            write_private(cookie, secrets.token_hex(20))
            # Erlang refuses a cookie that its owner could write by mistake
            cookie.chmod(0o400)

    def start(self) -> None:
        self.write_files()
        environment = self.environment()
        mapper: list[str | Path] = [find_epmd(), "-port", environment["ERL_EPMD_PORT"], "-address", LOOPBACK]
        self._epmd = spawn(mapper, self.log, environment, cwd=self.folder)
        wait_until(lambda: _connects(int(environment["ERL_EPMD_PORT"])), 15, "epmd", self.log)
        self._server = spawn([self.scripts / "rabbitmq-server"], self.log, environment, cwd=self.folder)
        wait_until(self.answers, START_SECONDS, "RabbitMQ", self.log)

    def answers(self) -> bool:
        """Whether the listener greets, which it does at the end of the start."""
        if self._server and self._server.poll() is not None:
            raise LocalError(f"O RabbitMQ terminou ao iniciar.\n{tail(self.log)}")
        return greets(self.port)

    def alive(self) -> bool:
        return bool(self._server and self._server.poll() is None)

    def wait(self) -> int:
        """Until the server ends by itself; its exit status."""
        return self._server.wait() if self._server else 0

    def stop(self) -> None:
        """Politely: SIGTERM lets RabbitMQ close its queues."""
        if self._server:
            end(self._server, STOP_SECONDS)
        if self._epmd:
            end(self._epmd, 5)
        self._server = self._epmd = None

    def kill(self) -> None:
        for process in (self._server, self._epmd):
            if process and process.poll() is None:
                process.send_signal(signal.SIGKILL)
                process.wait()
        self._server = self._epmd = None

    def ctl(self, *args: str) -> str:
        """rabbitmqctl's output; LocalError with its words when it failed."""
        command = [str(self.scripts / "rabbitmqctl"), "--quiet", *args]
        done = subprocess.run(
            command, env=self.environment(), cwd=self.folder, capture_output=True, text=True, timeout=120, check=False
        )
        if done.returncode:
            raise LocalError(f"rabbitmqctl {' '.join(args)}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout


def _connects(port: int) -> bool:
    try:
        socket.create_connection((LOOPBACK, port), 1).close()
    except OSError:
        return False
    return True


def greets(port: int) -> bool:
    """Whether an AMQP 0-9-1 server answers the protocol header with a method frame."""
    try:
        with socket.create_connection((LOOPBACK, port), 2) as connection:
            connection.settimeout(2)
            connection.sendall(b"AMQP\x00\x00\x09\x01")
            return connection.recv(1) == b"\x01"
    except OSError:
        return False
