"""Restarts, kills and evicts each part of a system on a cluster under load: `make k8s-chaos`.

Callers write with idempotency keys and read what they wrote. A request that is answered 503, or not at all, is sent
again with its key, as the API says. Afterwards every acknowledged write is looked for in the databases: there once, or
it is counted as lost or doubled. Prints one line a disturbance; ends with 1 where anything failed, was lost or doubled.

    make k8s-chaos                         all disturbances
    ... -m tests.cluster.disturb restart   only some: restart, kill, evict, engines
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from services.catalogue import SERVICES
from tests.cluster.cluster import Part
from tests.support.stack.given import GivenSystem
from tests.support.stack.load import Load

PARTS = tuple(Part("deployment", name) for name in (*SERVICES, "gateway"))
ENGINES = (Part("statefulset", "rabbitmq"), Part("statefulset", "database"))


def disturbed(system: GivenSystem, name: str, disturb: Callable[[], object]) -> bool:
    load = Load(system, name)
    with load.running():
        moment = time.monotonic()
        said = disturb()
        took = time.monotonic() - moment
    figures: dict[str, Any] = {"refused_evictions": said} if isinstance(said, int) else {}
    return load.settle(moment, disturbed_s=took, **figures)


def main() -> None:
    wanted = sys.argv[1:] or ["restart", "kill", "evict", "engines"]
    system = GivenSystem()
    system.start()
    acts: list[tuple[str, Callable[[], object]]] = []
    if "restart" in wanted:
        acts += [(f"restart_{part.name}", part.restart) for part in PARTS]
    if "kill" in wanted:
        acts += [(f"kill_{part.name}", part.kill) for part in PARTS]
    if "evict" in wanted:
        acts += [(f"evict_{part.name}", part.evict) for part in PARTS]
    if "engines" in wanted:
        acts += [(f"kill_{part.name}", part.kill) for part in ENGINES]
    troubles = [name for name, act in acts if not disturbed(system, name, act)]
    print(f"{len(acts) - len(troubles)} passed, {len(troubles)} failed {' '.join(troubles)}".rstrip())
    sys.exit(bool(troubles))


if __name__ == "__main__":
    main()
