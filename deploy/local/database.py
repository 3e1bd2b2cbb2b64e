"""The database of a person's machine: the one of MONGO_URI, else SecantusDB as a process of its own.

Knows nothing of collections or services. Production's engine is MongoDB; it is only ever given by its URI.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from deploy.local.processes import LOOPBACK, LocalError, Ports, end, spawn, wait_until

START_SECONDS = 60
STOP_SECONDS = 30
# WiredTiger makes who reads or writes wait while a tenth of its cache holds changes that it can't write out yet. Who
# waits so inside the engine holds what every commit needs, and the engine answers nobody any more: sixty writers of
# attachments did that to 128 MB within seconds. So nobody waits before nine tenths; what is not used is not taken.
CACHE = "1G"
STORAGE = "eviction_updates_trigger=90,eviction_dirty_trigger=90\n"


class Database:
    """`Database(folder).start()` answers the URI; a second start opens the same data on the same port."""

    def __init__(self, folder: Path, given: str | None = None) -> None:
        """`given`: a MONGO_URI to use instead of the embedded engine; default: the environment's."""
        self.folder = folder.absolute()
        self.given = os.environ.get("MONGO_URI", "") if given is None else given
        self.log = self.folder / "database.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        return Ports(self.folder / "ports.json").get("database")

    @property
    def uri(self) -> str:
        return self.given or f"mongodb://{LOOPBACK}:{self.port}/?directConnection=true"

    def command(self) -> list[str]:
        """Always --sync-on-commit: without it a killed engine lost acknowledged commits."""
        if importlib.util.find_spec("secantus") is None:
            raise LocalError("O SecantusDB não está instalado neste ambiente: rode `make setup` ou informe MONGO_URI.")
        settings = self.folder / "secantusd.toml"
        self.folder.mkdir(parents=True, exist_ok=True)
        # an empty file of our own, so that no file of the machine is read instead
        settings.touch()
        (self.folder / "data").mkdir(exist_ok=True)
        (self.folder / "data" / "WiredTiger.config").write_text(STORAGE)
        options = ["--config", settings, "--host", LOOPBACK, "--port", self.port]
        options += ["--storage-path", self.folder / "data", "--cache-size", CACHE, "--sync-on-commit"]
        # -P: this folder's modules must not stand for those of the standard library
        return [sys.executable, "-P", str(Path(__file__).with_name("engine.py")), *map(str, options)]

    def start(self) -> str:
        if not self.given:
            self.process = spawn(self.command(), self.log, cwd=self.folder)
        self.wait()
        return self.uri

    def wait(self) -> None:
        wait_until(self.answers, START_SECONDS, "banco de dados", self.log)

    def answers(self) -> bool:
        if self.process and self.process.poll() is not None:
            raise LocalError(f"O banco de dados terminou ao iniciar; veja {self.log}")
        client: MongoClient[dict[str, object]]
        with MongoClient(self.uri, serverSelectionTimeoutMS=1000, connectTimeoutMS=1000) as client:
            try:
                return bool(client.admin.command("hello").get("isWritablePrimary"))
            except PyMongoError:
                return False

    def stop(self) -> None:
        if self.process:
            end(self.process, STOP_SECONDS)
            self.process = None

    def kill(self) -> None:
        """As a power cut would; `start()` opens what was committed."""
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def delete(self) -> None:
        """Stops, and forgets all data and the port."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
