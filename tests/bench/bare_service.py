"""The floor: a pika consumer that sends back what it got: `python -m tests.bench.bare_service QUEUE`."""

from __future__ import annotations

import os
import sys
from typing import Any

import pika


def main(queue: str) -> None:
    connection = pika.BlockingConnection(pika.URLParameters(os.environ["AMQP_URI"]))
    channel = connection.channel()
    channel.exchange_declare("nameko-rpc", "topic", durable=True)
    channel.queue_declare(queue, durable=True)
    channel.queue_bind(queue, "nameko-rpc", f"{queue}.*")
    channel.basic_qos(prefetch_count=20)

    def answer(ch: Any, method: Any, properties: Any, body: bytes) -> None:
        reply = pika.BasicProperties(correlation_id=properties.correlation_id, delivery_mode=1)
        ch.basic_publish("", properties.reply_to, body, reply)
        ch.basic_ack(method.delivery_tag)

    channel.basic_consume(queue, answer)
    channel.start_consuming()


if __name__ == "__main__":
    main(sys.argv[1])
