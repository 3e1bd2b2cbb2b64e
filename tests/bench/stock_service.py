"""nameko 2.14.1 as it comes: `python -m tests.bench.stock_service`."""

# ruff: noqa: E402
from __future__ import annotations

import eventlet

eventlet.monkey_patch()

import os

from nameko.rpc import rpc
from nameko.runners import ServiceRunner


class Stock:
    name = "stock"

    @rpc
    def say(self, words: str) -> dict[str, str]:
        return {"words": words}


if __name__ == "__main__":
    runner = ServiceRunner({"AMQP_URI": os.environ["AMQP_URI"], "max_workers": 20})
    runner.add_service(Stock)
    runner.start()
    runner.wait()
