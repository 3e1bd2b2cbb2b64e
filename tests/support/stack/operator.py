"""Somebody who operates a running system by its command line, in the environment that an operator has."""

from __future__ import annotations

import json
import os

from deploy import keys
from tests.support.stack import admin
from tests.support.stack.system import System

KNOWN_KEYS = "VINCULO_PUBLIC_KEYS"


class Operator:
    def __init__(self, system: System) -> None:
        names = ("AMQP_URI", "MONGO_URI", "VINCULO_DATABASE_PREFIX", KNOWN_KEYS, "VINCULO_PASSWORD")
        health = {name: f"http://127.0.0.1:{system.ports[name]}" for name in (*keys.SENDERS[1:], "gateway")}
        urls = ",".join(f"{name}={url}" for name, url in health.items())
        self.env = {**os.environ, **{name: system.env[name] for name in names}, "VINCULO_HEALTH_URLS": urls}

    def call(self, *arguments: str) -> admin.Called:
        return admin.call(arguments, self.env)

    def says(self, *arguments: str) -> str:
        return admin.run(arguments, self.env)

    def status(self) -> dict[str, dict[str, str]]:
        found: list[dict[str, str]] = [json.loads(line) for line in self.call("status", "--json").out.splitlines()]
        return {one["part"]: one for one in found}
