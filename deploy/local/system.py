"""The whole system on one machine: what runs, at which ports, with which secrets, in which order.

Used by `make run` and by tests that need everything. Prints nothing but through `say`.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

from deploy import keys
from deploy.local.broker import Broker
from deploy.local.database import Database
from deploy.local.processes import LOOPBACK, LocalError, Ports, is_free, private_folder, wait_until, write_private
from deploy.local.rabbitmq import greets
from deploy.local.supervision import Program, Supervisor
from deploy.local.whatsapp.phone import API as WHATSAPP_API
from services.catalogue import SERVICES
from services.chassis.access.keyring import GATEWAY

Say = Callable[[str], None]
ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 180
# the services' grace time and a little
DRAIN_SECONDS = 25
# the broker's cold start, on a slow machine
BROKER_SECONDS = 180


class System:
    """Starts and stops all; a second System on the same folder resumes data, ports and secrets."""

    def __init__(
        self, folder: Path, overrides: Mapping[str, str] | None = None, say: Callable[[str], None] = print
    ) -> None:
        """`overrides`: environment variables for all processes, on top of the caller's own."""
        self.folder = folder.absolute()
        self.say = say
        private_folder(self.folder)
        self.ports = Ports(self.folder / "ports.json")
        given = {**os.environ, **(overrides or {})}
        self.broker = Broker(self.folder / "broker", given.get("AMQP_URI", ""))
        self.database = Database(self.folder / "database", given.get("MONGO_URI", ""))
        self.sender_keys = self._sender_keys()
        self.environment = self._environment(given)
        self.supervisor = Supervisor(self.folder, ROOT, self._groups())

    @property
    def gateway_url(self) -> str:
        return f"http://{LOOPBACK}:{self.ports.get('gateway', 8000)}"

    @property
    def mailbox_url(self) -> str:
        return f"http://{LOOPBACK}:{self.ports.get('mailbox', 8025)}"

    @property
    def whatsapp_url(self) -> str:
        return f"http://{LOOPBACK}:{self.ports.get('whatsapp', 8026)}"

    @property
    def whatsapp_folder(self) -> Path:
        return self.folder / "whatsapp"

    def _environment(self, given: Mapping[str, str]) -> dict[str, str]:
        """Development's settings; what the caller has in the environment wins."""
        defaults = {
            **self._secrets(),
            "VINCULO_SMTP_URL": f"smtp://{LOOPBACK}:{self.ports.get('smtp', 1025)}",
            "VINCULO_MAIL_FROM": "vinculo@localhost.example",
            "VINCULO_WHATSAPP_API_URL": f"{self.whatsapp_url}/{WHATSAPP_API}",
            "VINCULO_GATEWAY_BIND": self.gateway_url.removeprefix("http://"),
            "VINCULO_GATEWAY_WORKERS": "1",
            "VINCULO_METRICS_BIND": f"{LOOPBACK}:{self.ports.get('metrics')}",
            "PYTHONUNBUFFERED": "1",
        }
        fixed = {"AMQP_URI": self.broker.uri, "MONGO_URI": self.database.uri, "PYTHONPATH": str(ROOT)}
        return {**defaults, **given, **fixed, **keys.shared(self.sender_keys)}

    def _secrets(self) -> dict[str, str]:
        path = self.folder / "secrets.json"
        if not path.exists():
            write_private(path, "{}")
        known: dict[str, str] = json.loads(path.read_text())
        names = ("VINCULO_JWT_KEY", "VINCULO_SECRET_KEYS")
        missing = {name: secrets.token_urlsafe(48) for name in names if name not in known}
        if missing:
            write_private(path, json.dumps({**known, **missing}, indent=2))
        return {name: text for name, text in {**known, **missing}.items() if name in names}

    def _sender_keys(self) -> dict[str, str]:
        """Each sender's own key; a process gets no other's."""
        path = self.folder / "sender-keys.json"
        known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        missing = keys.new_seeds(tuple(name for name in keys.SENDERS if name not in known))
        if missing:
            write_private(path, json.dumps({**known, **missing}, indent=2))
        return {**known, **missing}

    def health_port(self, service: str) -> int:
        return self.ports.get(f"health-{service}")

    def _groups(self) -> dict[str, list[Program]]:
        """In the order of starting; stopped from the end."""
        python = sys.executable
        groups: dict[str, list[Program]] = {}
        if not self.database.given:
            groups["data"] = [Program("database", self.database.command())]
        if not self.broker.given:
            command = [python, "-m", "deploy.local.broker", "--folder", str(self.broker.folder)]
            groups["messages"] = [Program("broker", command)]
        options = ["--smtp-port", self.ports.get("smtp"), "--http-port", self.ports.get("mailbox", 8025)]
        mailbox = [python, "-m", "deploy.local.mailbox", *map(str, options), "--folder", str(self.folder / "mail")]
        options = ["--port", self.ports.get("whatsapp", 8026), "--folder", self.whatsapp_folder]
        whatsapp = [python, "-m", "deploy.local.whatsapp", *map(str, options)]
        groups["mail"] = [Program("mailbox", mailbox), Program("whatsapp", whatsapp)]
        groups["services"] = [
            Program(
                name,
                [python, "-m", "services.chassis.process.runner", target],
                {"VINCULO_HEALTH_PORT": str(self.health_port(name)), **keys.own(self.sender_keys, name)},
            )
            for name, target in SERVICES.items()
        ]
        gunicorn = [
            python,
            "-m",
            "gunicorn",
            "--no-control-socket",
            "-c",
            "gateway/gunicorn.conf.py",
            "gateway.app:create_app()",
        ]
        groups["door"] = [Program("gateway", gunicorn, keys.own(self.sender_keys, GATEWAY))]
        return groups

    def start(self) -> None:
        """Returns when every part is ready."""
        self._check_ports()
        self.supervisor.start(self.environment)
        self.say("Iniciando banco de dados, RabbitMQ, caixa de correio e WhatsApp de demonstração...")
        for group in ("data", "messages", "mail"):
            if group in self._groups():
                self.supervisor.start_group(group)
        self.database.wait()
        if not self.broker.given:
            port, log = self.broker.node.port, self.broker.folder / "broker.log"
            wait_until(lambda: greets(port), BROKER_SECONDS, "RabbitMQ", log)
        self.python("deploy.topology")
        self.say("Iniciando os cinco serviços e o gateway...")
        self.supervisor.start_group("services")
        self.supervisor.start_group("door")
        self._wait_ready()

    def stop(self) -> None:
        self.supervisor.stop()

    def _check_ports(self) -> None:
        """A remembered port that another program holds by now would make a part restart for ever."""
        names = ["gateway", "metrics", "mailbox", "smtp", "whatsapp", *(f"health-{name}" for name in SERVICES)]

        def taken() -> list[str]:
            return [f"{name} ({self.ports.get(name)})" for name in names if not is_free(self.ports.get(name))]

        try:
            # parts of a killed run may still be draining
            wait_until(lambda: not taken(), DRAIN_SECONDS, "portas")
        except LocalError as error:
            raise LocalError(
                f"Portas ocupadas por outro programa: {', '.join(taken())}. "
                f"Encerre-o, ou apague a porta em {self.folder / 'ports.json'} para escolher outra."
            ) from error

    def python(self, module: str, *args: str, **variables: str) -> str:
        """Runs a module of ours in the system's environment; its output, or LocalError with its words."""
        done = subprocess.run(
            [sys.executable, "-m", module, *args],
            env={**self.environment, **variables},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise LocalError(f"{module} {' '.join(args[:1])} falhou:\n{(done.stderr or done.stdout).strip()[-3000:]}")
        return done.stdout

    def missing(self) -> list[str]:
        """The parts that are not ready."""
        urls = {name: f"http://{LOOPBACK}:{self.health_port(name)}/ready" for name in SERVICES}
        urls |= {
            "gateway": f"{self.gateway_url}/ready",
            "caixa de correio": f"{self.mailbox_url}/live",
            "WhatsApp": f"{self.whatsapp_url}/live",
        }
        return [name for name, url in urls.items() if not answers_200(url)]

    def _wait_ready(self) -> None:
        told: list[str] = []

        def ready() -> bool:
            nonlocal told
            missing = self.missing()
            if missing and missing != told:
                self.say(f"  ainda não prontos: {', '.join(missing)}")
            told = missing
            return not missing

        try:
            wait_until(ready, READY_SECONDS, "o sistema")
        except LocalError as error:
            raise LocalError(f"Não ficaram prontos: {', '.join(told)}. Veja {self.folder / 'logs'}.") from error


def answers_200(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 (our own loopback address)
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False
