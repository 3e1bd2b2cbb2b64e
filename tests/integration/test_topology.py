"""The topology is declared before any service starts; again changes nothing, a contradiction is an error."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from typing import Any

import pytest
from amqp.exceptions import PreconditionFailed
from kombu import Queue

from deploy import topology as deployed
from services.chassis.messaging import topology as messaging_topology
from tests.chaos.rig import DELAYS, Rig
from tests.support.stack.bus import Bus
from tests.support.stack.system import ROOT


def test_the_program_declares_every_queue_and_may_run_again(rig: Rig, bus: Bus) -> None:
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "deploy.topology"],
            env=rig.env, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-1000:]
    for queue in deployed.queues(DELAYS):
        assert bus.do(partial(_found, name=queue.name))


def test_a_queue_with_other_arguments_is_an_error_and_not_a_silent_difference(rig: Rig) -> None:
    other = Queue(
        "rpc-probe", messaging_topology.RPC_EXCHANGE, "probe.*", durable=True, queue_arguments={"x-max-length": 7}
    )
    with pytest.raises(PreconditionFailed):
        messaging_topology.declare(rig.broker.uri, [], [other])


def _found(channel: Any, name: str) -> Any:
    return channel.queue_declare(name, passive=True)
