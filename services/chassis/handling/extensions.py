"""nameko's entrypoints: how a message reaches a method of a service, and when it is acknowledged.

requests.py handles the message of a command or query, subscriptions.py that of an event.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

import eventlet
from nameko.extensions import Entrypoint

from services.chassis.messaging import topology
from services.chassis.messaging.answers import answer_of, report_defect
from services.chassis.messaging.delivery import Consumer, RpcQueue, reply

log = logging.getLogger(__name__)


class RpcEntrypoint(Entrypoint):
    """A method that answers requests."""

    rpc_queue = RpcQueue()

    def setup(self) -> None:
        self.rpc_queue.register_provider(self)

    def stop(self) -> None:
        self.rpc_queue.unregister_provider(self)

    def handle_message(self, message: Any) -> None:
        self.container.spawn_worker(self, (message,), {}, handle_result=partial(self._answer, message))

    def _answer(self, message: Any, worker: Any, outcome: Any, exc_info: Any) -> tuple[Any, Any]:
        """Answers a request. It raises nothing: an exception here ends the process; the broker then delivers the
        request again, and it ends the next process too."""
        try:
            answer = (
                outcome
                if exc_info is None
                else answer_of(self.method_name, None, report_defect(self.method_name, exc_info[1]))
            )
            if answer.failure is not None and answer.failure.retryable and not message.properties.get("reply_to"):
                # A one-way request has no caller that would send it again.
                eventlet.spawn_after(1, _requeue, message)
                return None, None
            reply(message, answer.body, self.container.config["vinculo"].keys)
        except Exception as error:
            report_defect(self.method_name, error)
        self.rpc_queue.consumer.ack_message(message)
        return None, None


class EventEntrypoint(Entrypoint):
    """A method that handles one event of one other service; without `minor` not the minor ones."""

    consumer = Consumer()

    def __init__(self, source: str, event: str, minor: bool = True) -> None:
        super().__init__()
        self.source, self.event, self.minor = source, event, minor
        self.queue: Any = None

    def subscription(self, service: str) -> topology.Subscription:
        return topology.Subscription(self.source, self.event, service, self.minor)

    def setup(self) -> None:
        self.queue = topology.event_queue(self.subscription(self.container.service_name))
        self.consumer.register_provider(self)

    def stop(self) -> None:
        self.consumer.stopping = True
        self.consumer.unregister_provider(self)

    def handle_message(self, message: Any) -> None:
        self.container.spawn_worker(self, (message,), {}, handle_result=partial(self._settle, message))

    def _settle(self, message: Any, worker: Any, settled: Any, exc_info: Any) -> tuple[Any, Any]:
        """Acknowledges the event once its effect, its retry or its parked copy is stored; else requeues it."""
        if exc_info is None and settled:
            self.consumer.ack_message(message)
        else:
            eventlet.spawn_after(1, _requeue, message)
        return None, None


def _requeue(message: Any) -> None:
    try:
        message.reject(requeue=True)
    except Exception:  # the connection is lost, and the broker has requeued the message already
        log.info("message returned with the connection")
