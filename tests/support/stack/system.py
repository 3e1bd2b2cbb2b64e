"""The whole system as real processes, for e2e and chaos tests: broker, database, mailbox, services, gateway."""

from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import pymongo
import requests

from deploy.local.broker import Broker
from deploy.local.database import Database
from services.catalogue import SERVICES as SERVICES
from tests.support import refusals
from tests.support.promised import broken_promises
from tests.support.stack import admin
from tests.support.stack.folders import LogFolder, engine_folder
from tests.support.stack.ports import free_port, wait_for
from tests.support.stack.wire_keys import WireKeys

ROOT = Path(__file__).resolve().parents[3]
# How late news may be on a machine that is full.
REPLICATED_SECONDS = 10
NOT_REPLICATED = re.compile("(person|user)_not_found")
EDITS = ("PUT", "PATCH", "DELETE")
PASSWORD = "uma senha bem longa"


class Process:
    """A child process that can be killed, frozen and started again."""

    def __init__(self, name: str, command: list[str], env: dict[str, str], log: Path, tree: Path = ROOT) -> None:
        """`tree`: whose code it runs."""
        self.name, self.command, self.env, self._log, self._tree = name, command, env, log, tree
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._child = subprocess.Popen(self.command, env=self.env, cwd=self._tree, stdout=log, stderr=log)

    @property
    def pid(self) -> int:
        assert self._child is not None
        return self._child.pid

    def alive(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def signal(self, number: int) -> None:
        assert self._child is not None
        self._child.send_signal(number)

    def stop(self, seconds: float = 30) -> int | None:
        """SIGTERM, then SIGKILL after `seconds`; the exit code."""
        self.terminate()
        return self.ended(seconds)

    def terminate(self) -> None:
        if self._child is not None:
            self._child.send_signal(signal.SIGCONT)
            self._child.terminate()

    def ended(self, seconds: float = 30) -> int | None:
        """The exit code; SIGKILL after `seconds`."""
        if self._child is None:
            return None
        try:
            return self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            self._child.kill()
            return self._child.wait()

    def kill(self) -> None:
        assert self._child is not None
        self._child.kill()
        self._child.wait()

    def log_text(self) -> str:
        return self._log.read_text(errors="replace")


class System:
    """Everything on free ports of loopback, in a folder of its own."""

    def __init__(self, **settings: str) -> None:
        self._logs = LogFolder("vinculo-test-")
        self.folder = self._logs.path
        self._engines = engine_folder()
        self.broker = Broker(Path(self._engines.name) / "broker")
        self.database = Database(Path(self._engines.name) / "database")
        self.settings = settings
        self.keys = WireKeys("echo", "stock", "bare")
        self.processes: dict[str, Process] = {}
        self.ports: dict[str, int] = {}
        self.env: dict[str, str] = {}

    def __enter__(self) -> System:
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> System:
        self.env = self.settings_of(self.broker.start(), self.database.start())
        self.run("-m", "deploy.topology")
        self._make_companies()
        self.start_mailbox()
        for name, path in SERVICES.items():
            self.start_service(name, path)
        self._start_gateway()
        self.wait_ready()
        return self

    def settings_of(self, amqp_uri: str, mongo_uri: str) -> dict[str, str]:
        """The environment of every process; each listens on a port that was free a moment ago."""
        self.ports = {name: free_port() for name in [*SERVICES, "gateway", "metrics", "smtp", "mail"]}
        return {
            **os.environ,
            "AMQP_URI": amqp_uri,
            "MONGO_URI": mongo_uri,
            "VINCULO_DATABASE_PREFIX": f"t{secrets.token_hex(4)}_",
            **self.keys.shared(),
            "VINCULO_JWT_KEY": secrets.token_hex(32),
            "VINCULO_SECRET_KEYS": secrets.token_hex(32),
            "VINCULO_SMTP_URL": f"smtp://127.0.0.1:{self.ports['smtp']}",
            "VINCULO_MAIL_FROM": "vinculo@empresa.example",
            "VINCULO_OUTBOUND_ALLOWED": "127.0.0.1",
            "VINCULO_MAILBOX_SECONDS": "0.5",
            "VINCULO_GATEWAY_BIND": f"127.0.0.1:{self.ports['gateway']}",
            "VINCULO_GATEWAY_WORKERS": "1",
            "VINCULO_METRICS_BIND": f"127.0.0.1:{self.ports['metrics']}",
            # so that a test may come from any address
            "VINCULO_TRUSTED_PROXIES": "1",
            # nobody asks as much of a company as its tests
            "VINCULO_COMPANY_RATE": "0",
            "VINCULO_KEY_RATE": "0",
            # a whole run of the tests signs in once
            "VINCULO_TOKEN_SECONDS": "14400",
            "VINCULO_PASSWORD": PASSWORD,
            # no transaction of a test lives longer
            "VINCULO_SETTLE_SECONDS": "1",
            "VINCULO_WORK_DELAYS": "0.2,0.5",
            "PYTHONPATH": str(ROOT),
            **self.settings,
        }

    def _make_companies(self) -> None:
        """Two, with an administrator each."""
        self.run("-m", "deploy.operations", "company", "create", "--code", "padaria", "--name", "Padaria Modelo")
        self.run("-m", "deploy.operations", "company", "create", "--code", "oficina", "--name", "Oficina Modelo")
        for login, name, company in (
            ("ana@padaria.example", "Ana", "padaria"),
            ("bruno@oficina.example", "Bruno", "oficina"),
        ):
            self.run(
                "-m", "deploy.operations", "user", "create", "--login", login, "--name", name,
                "--company", company, "--role", "admin",
            )  # fmt: skip

    def _start_gateway(self) -> None:
        program = str(Path(sys.executable).parent / "gunicorn")
        self._start("gateway", [program, "-c", "gateway/gunicorn.conf.py", "gateway.app:create_app()"], {})

    def run(self, *arguments: str) -> str:
        if arguments[:2] == ("-m", "deploy.operations"):
            return admin.run(arguments[2:], self.env)
        done = subprocess.run([sys.executable, *arguments], env=self.env, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def start_mailbox(self) -> None:
        command = [sys.executable, "-m", "deploy.local.mailbox", "--smtp-port", str(self.ports["smtp"])]
        command += ["--http-port", str(self.ports["mail"]), "--folder", str(self.folder / "mail")]
        self._start("mailbox", command, {})

    def start_service(self, name: str, path: str) -> None:
        recorded = "VINCULO_RECORD_QUERIES" in self.settings
        runner = "tests.support.stack.recording_runner" if recorded else "services.chassis.process.runner"
        command = [sys.executable, "-m", runner, path]
        self._start(name, command, {"VINCULO_HEALTH_PORT": str(self.ports[name])})

    def _start(self, name: str, command: list[str], extra: dict[str, str]) -> None:
        process = Process(name, command, {**self.env, **self.keys.own(name), **extra}, self.folder / f"{name}.log")
        self.processes[name] = process
        process.start()

    def restart(self, name: str) -> None:
        """After a kill; what the dead process left open in the database ends now, not a minute later.

        The chaos tests wait that minute. Other services' transactions end as well, and are tried again.
        """
        client: pymongo.MongoClient[Any]
        with pymongo.MongoClient(self.env["MONGO_URI"]) as client:
            client.admin.command("killAllSessions", [])
        self.processes[name].start()

    def is_ready(self, name: str) -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{self.ports[name]}/ready", timeout=2).status_code == 200
        except requests.RequestException:
            return False

    def wait_ready(self, *names: str, seconds: float = 180) -> None:
        for name in names or (*SERVICES, "gateway"):
            wait_for(partial(self.is_ready, name), seconds, f"{name} ready")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports['gateway']}"

    def mails(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = requests.get(f"http://127.0.0.1:{self.ports['mail']}/messages", timeout=5).json()
        return found

    def mongo(self, service: str) -> Any:
        """A service's database, to look at effects."""
        client: pymongo.MongoClient[Any] = pymongo.MongoClient(self.env["MONGO_URI"], tz_aware=True)
        return client[self.env["VINCULO_DATABASE_PREFIX"] + service]

    def queue_length(self, queue: str) -> int:
        import pika

        connection = pika.BlockingConnection(pika.URLParameters(self.env["AMQP_URI"]))
        try:
            declared = connection.channel().queue_declare(queue, passive=True)
            return int(declared.method.message_count)
        finally:
            connection.close()

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.ended()
        self.database.stop()
        self.broker.stop()
        self._engines.cleanup()
        self._logs.close()


def as_written(params: Any) -> Any:
    """A query as JSON writes its values: true, and not True."""
    if isinstance(params, dict):
        return {name: as_written(value) for name, value in params.items()}
    if isinstance(params, list):
        return [as_written(value) for value in params]
    return str(params).lower() if isinstance(params, bool) else params


class Client:
    """A signed-in user of the gateway."""

    def __init__(self, url: str, login: str, password: str = PASSWORD) -> None:
        self.url = url
        self.http = requests.Session()
        answer = self.http.post(f"{url}/v1/session", json={"login": login, "password": password}, timeout=15)
        assert answer.status_code in (200, 201), answer.text
        self.session: dict[str, Any] = answer.json()
        self.http.headers["Authorization"] = f"Bearer {self.session['access_token']}"

    def request(self, method: str, path: str, **options: Any) -> requests.Response:
        """The answer, which is as the API's document promises. An edit that names no version is one of any version:
        `If-Match` is what tests of versions say themselves."""
        if method in EDITS:
            options["headers"] = {"If-Match": "*", **(options.get("headers") or {})}
        if "params" in options:
            options["params"] = as_written(options["params"])
        answer = self.http.request(method, f"{self.url}{path}", timeout=options.pop("timeout", 60), **options)
        if not options.get("stream"):
            refusals.note(answer)
        broken = [] if options.get("stream") else broken_promises(answer)
        assert broken == [], f"{broken} {answer.text[:500]}"
        return answer

    def get(self, path: str, **options: Any) -> Any:
        return self._ok(self.request("GET", path, **options))

    def every(self, path: str, **params: Any) -> list[Any]:
        """All items of a list, page after page."""
        items: list[Any] = []
        cursor = None
        while True:
            page = self.get(path, params={**params, "cursor": cursor})
            items += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return items

    def post(self, path: str, body: Any, **options: Any) -> Any:
        return self._ok(self._when_replicated("POST", path, json=body, **options))

    def put(self, path: str, body: Any = None, **options: Any) -> Any:
        return self._ok(self.request("PUT", path, json=body, **options))

    def patch(self, path: str, body: Any, **options: Any) -> Any:
        return self._ok(self._when_replicated("PATCH", path, json=body, **options))

    def delete(self, path: str, **options: Any) -> Any:
        return self._ok(self.request("DELETE", path, **options))

    def _when_replicated(self, method: str, path: str, **options: Any) -> requests.Response:
        """Asked again while a service has not heard of a person or user: ADR 0002 makes it wait half a second only."""
        limit = time.monotonic() + REPLICATED_SECONDS
        while True:
            answer = self.request(method, path, **options)
            if answer.ok or not NOT_REPLICATED.search(answer.text) or time.monotonic() > limit:
                return answer

    @staticmethod
    def _ok(answer: requests.Response) -> Any:
        assert answer.ok, f"{answer.status_code} {answer.text[:500]}"
        return answer.json()

    def register(self, name: str, **fields: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.post("/v1/persons", {"name": name, **fields})
        return found
