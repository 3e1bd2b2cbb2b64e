"""Row G2: a key that asks too fast is put off by the gateway, and the others are not."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.support.builders import keys
from tests.support.problems import refused
from tests.support.stack.ports import free_port, wait_for
from tests.support.stack.system import Client, Process, System

PER_MINUTE = 2


@pytest.fixture
def limited(system: System) -> Iterator[str]:
    """The address of another gateway of the system, in which a key may ask twice a minute."""
    port = free_port()
    here = {"VINCULO_GATEWAY_BIND": f"127.0.0.1:{port}", "VINCULO_METRICS_BIND": f"127.0.0.1:{free_port()}"}
    env = {**system.env, **system.keys.own("gateway"), **here, "VINCULO_KEY_RATE": str(PER_MINUTE)}
    gunicorn = [str(Path(sys.executable).parent / "gunicorn"), "-c", "gateway/gunicorn.conf.py"]
    process = Process("limited", [*gunicorn, "gateway.app:create_app()"], env, system.folder / "limited.log")
    process.start()
    try:
        wait_for(lambda: ready(f"http://127.0.0.1:{port}"), 60, "a gateway with a low rate")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.stop()


def ready(url: str) -> bool:
    try:
        return requests.get(f"{url}/ready", timeout=2).status_code == 200
    except requests.RequestException:
        return False


def ask(url: str, key: str) -> requests.Response:
    return requests.get(f"{url}/v1/persons", headers={"X-Api-Key": key}, timeout=20)


def test_a_key_that_asks_too_fast_is_put_off_and_another_is_not(system: System, ana: Client, limited: str) -> None:
    hasty, other = (keys.create(ana, "people.read")["key"] for _ in range(2))
    assert [ask(limited, hasty).status_code for _ in range(PER_MINUTE)] == [200] * PER_MINUTE
    late = ask(limited, hasty)
    refused(late, 429, "too_many_requests")
    assert 1 <= int(late.headers["Retry-After"]) <= 60 / PER_MINUTE
    assert ask(limited, other).status_code == 200
    assert ask(system.url, hasty).status_code == 200, "where the rate is another, it may ask"
