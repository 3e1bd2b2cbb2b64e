"""`python stage.py` in a revision's tree: its whole system, for tests/bench/against.py, until the input ends.

Runs in trees of earlier revisions too, so it uses only what they all have. The first line that it prints is JSON:
where things are. The engines' data lie on the disk.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, "")

try:
    from tests.support.stack.system import System
except ModuleNotFoundError:
    from tests.support.system import System  # type: ignore[import-untyped, no-redef]

from deploy.local.broker import Broker
from deploy.local.database import Database

SECOND = "carla@padaria.example"


def main() -> None:
    system = System(VINCULO_RPC_SECONDS="30")
    system.broker, system.database = Broker(system.folder / "broker"), Database(system.folder / "database")
    try:
        system.start()
        user = ("--login", SECOND, "--name", "Carla", "--company", "padaria", "--role", "admin")
        newer = Path("deploy/operations").is_dir()
        system.run(
            "-m", *(("deploy.operations", "user", "create") if newer else ("deploy.admin", "user-create")), *user
        )
        where = {
            "url": system.url,
            "mails": str(system.folder / "mail"),
            "mongo": system.env["MONGO_URI"],
            "prefix": system.env["VINCULO_DATABASE_PREFIX"],
        }
        print(json.dumps(where), flush=True)
        sys.stdin.read()
    finally:
        system.stop()


if __name__ == "__main__":
    main()
