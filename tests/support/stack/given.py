"""A system that runs already, somewhere: the end-to-end tests ask it as one that they started.

VINCULO_GIVEN_URL is its gateway, VINCULO_GIVEN_MAILBOX its mailbox, AMQP_URI and MONGO_URI its engines, with the rights
of an operator. What only the starter of processes can do, skips its test. `k8s/with_ports.sh` sets all for a cluster.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
import requests

from tests.support.stack.system import PASSWORD, ROOT, System


class NotOurs(dict[str, Any]):
    """The processes, ports and so on of a system that somebody else started."""

    def __missing__(self, key: str) -> Any:
        pytest.skip(f"of a system that somebody else started: {key}")


class GivenSystem(System):
    """Makes the companies and users of the tests; starts and stops nothing."""

    def __init__(self) -> None:
        self.given_url = os.environ["VINCULO_GIVEN_URL"].rstrip("/")
        self.mailbox_url = os.environ["VINCULO_GIVEN_MAILBOX"].rstrip("/")
        self.settings = {}
        self.processes, self.ports = NotOurs(), NotOurs()
        self.env = {
            "VINCULO_DATABASE_PREFIX": "vinculo_",
            **os.environ,
            "VINCULO_PASSWORD": PASSWORD,
            "PYTHONPATH": str(ROOT),
        }

    def __getattr__(self, name: str) -> Any:
        """`broker`, `database`, `keys`, `folder`: not ours to touch."""
        pytest.skip(f"of a system that somebody else started: {name}")

    def start(self) -> System:
        self._make_companies()
        return self

    def stop(self) -> None:
        """It goes on."""

    @property
    def url(self) -> str:
        return self.given_url

    def mails(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = requests.get(f"{self.mailbox_url}/messages", timeout=5).json()
        return found


def is_given() -> bool:
    return "VINCULO_GIVEN_URL" in os.environ
