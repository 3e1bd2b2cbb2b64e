"""A service that was away comes back to a backlog, and KEDA scales it out and in again: `make k8s-scale`.

notifications is stopped, and a thousand persons are registered: each is an event that waits in its queue. Then the
autoscaler of the component `autoscaling` finds the queue: it has to start the service, to scale it out while messages
wait, and to scale it in when they are done. Afterwards the service has to know each person. Needs KEDA
(k8s/README.md). Prints what was seen; ends with 1 where it did not scale, or where a person is missing.
"""

from __future__ import annotations

import sys
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pymongo
import requests

from tests.cluster.cluster import Part, kubectl
from tests.support.stack.given import GivenSystem
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client

SERVICE = Part("deployment", "notifications")
FEWEST = 2  # minReplicaCount
PERSONS = 1_000
CALLERS = 4
SCALED_SECONDS = 600
AUTOSCALING = Path(__file__).parent / "autoscaling"


def main() -> None:
    system = GivenSystem()
    system.start()
    known = pymongo.MongoClient[dict[str, str]](system.env["MONGO_URI"])["vinculo_notifications"]["persons"]
    kubectl("scale", f"deployment/{SERVICE.name}", "--replicas=0")
    wait_for(lambda: not SERVICE.pods, 120, "nobody there")
    people = _registered(Client(system.url, "ana@padaria.example"))
    assert not known.count_documents({"_id": {"$in": people}}), "nobody is there to know them"
    began = time.monotonic()
    kubectl("apply", "-k", str(AUTOSCALING))
    try:
        most, seconds = _until(lambda: known.count_documents({"_id": {"$in": people}}) == len(people), began)
        fewest, again = _until(lambda: SERVICE.whole() and _replicas() == FEWEST, began)
    finally:
        kubectl("delete", "-k", str(AUTOSCALING))
        kubectl("scale", f"deployment/{SERVICE.name}", f"--replicas={FEWEST}")
    missing = len(people) - known.count_documents({"_id": {"$in": people}})
    most = max(most, fewest)
    print(f"waiting={len(people)} most_replicas={most} done_s={seconds:.0f} scaled_in_s={again:.0f} missing={missing}")
    sys.exit(bool(missing) or most <= FEWEST)


def _registered(ana: Client) -> list[str]:
    """The ids of a thousand new persons, each asked for with a key until it is there."""

    def register(_: int) -> str:
        body, headers = {"name": f"Pessoa {uuid.uuid4().hex}"}, {"Idempotency-Key": uuid.uuid4().hex}
        while True:
            answer = requests.post(
                f"{ana.url}/v1/persons", json=body, headers={**ana.http.headers, **headers}, timeout=30
            )
            if answer.status_code == 201:
                return str(answer.json()["id"])
            assert answer.status_code in (429, 503), answer.text
            time.sleep(float(answer.headers.get("Retry-After", 1)))

    with ThreadPoolExecutor(CALLERS) as callers:
        return list(callers.map(register, range(PERSONS)))


def _until(done: Callable[[], object], began: float) -> tuple[int, float]:
    """The most replicas that were seen until then, and after how many seconds."""
    most = 0

    def look() -> bool:
        nonlocal most
        most = max(most, _replicas())
        return bool(done())

    wait_for(look, SCALED_SECONDS, "scaled")
    return most, time.monotonic() - began


def _replicas() -> int:
    return int(SERVICE.status()["status"].get("replicas", 0))


if __name__ == "__main__":
    main()
