"""The message broker of a person's machine: the one of AMQP_URI, else a private RabbitMQ node in a folder.

Order: a RabbitMQ on the machine, Debian's package (installed, and said so), a container. Knows no queue.
As a program (`python -m deploy.local.broker --folder .run/broker`) it runs until SIGTERM.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
from pathlib import Path
from types import FrameType

from deploy.local import install
from deploy.local.container import ContainerNode, find_engine
from deploy.local.processes import LocalError
from deploy.local.rabbitmq import PrivateNode, find_scripts

NOWHERE = """\
Não há RabbitMQ nesta máquina e não foi possível instalá-lo. Uma destas saídas resolve:
  - informe um pronto:        AMQP_URI=amqp://usuario:senha@host:5672/ make run
  - instale o pacote Debian:  sudo apt-get install rabbitmq-server
  - inicie o Docker ou o Podman e rode de novo"""


class Broker:
    """`Broker(folder).start()` answers the AMQP URI; the same folder gives the same data, port and password."""

    def __init__(self, folder: Path, given: str | None = None) -> None:
        """`given`: an AMQP_URI to use instead of an own node; default: the environment's."""
        self.folder = folder.absolute()
        self.given = os.environ.get("AMQP_URI", "") if given is None else given
        self._node: PrivateNode | ContainerNode | None = None

    @property
    def node(self) -> PrivateNode | ContainerNode:
        """Found or installed at the first use."""
        if self.given:
            raise LocalError("Este RabbitMQ foi informado por AMQP_URI: só quem o opera o inicia, para ou comanda.")
        if self._node is None:
            self._node = find_node(self.folder)
        return self._node

    @property
    def uri(self) -> str:
        return self.given or self.node.uri

    def start(self) -> str:
        if not self.given:
            self.node.start()
        return self.uri

    def stop(self) -> None:
        if self._node:
            self._node.stop()

    def kill(self) -> None:
        """As a power cut would."""
        if self._node:
            self._node.kill()

    def ctl(self, *args: str) -> str:
        """rabbitmqctl, of the same package, on our node."""
        return self.node.ctl(*args)

    def delete(self) -> None:
        """Stops, and forgets all state: queues, messages, users, ports."""
        self.stop()
        if isinstance(self._node, ContainerNode):
            self._node.forget()
        if not self.given:
            shutil.rmtree(self.folder, ignore_errors=True)


def find_node(folder: Path) -> PrivateNode | ContainerNode:
    scripts = find_scripts()
    if scripts is None and install.can_install() and install.install("rabbitmq-server"):
        scripts = find_scripts()
    if scripts:
        return PrivateNode(folder, scripts)
    engine = find_engine()
    if engine:
        return ContainerNode(folder, engine)
    raise LocalError(NOWHERE)


def _leave(*_: int | FrameType | None) -> None:
    raise SystemExit(0)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m deploy.local.broker", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    broker = Broker(parser.parse_args().folder, given="")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    try:
        broker.start()
        print(f"broker ready: port {broker.node.port}", flush=True)
        status = broker.node.wait()
    except LocalError as error:
        sys.exit(str(error))
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        broker.stop()
    sys.exit(status or 1)


if __name__ == "__main__":
    main()
