"""Which installation the operator's command speaks to, and its settings, broker and databases.

The settings are those of the processes: AMQP_URI, MONGO_URI and VINCULO_... of the environment. What is not there is
taken from the folder of `make run`, where one is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from marshmallow import ValidationError

from deploy import keys
from deploy.local.processes import LOOPBACK
from deploy.local.rabbitmq import USER
from services.chassis.messaging.publisher import Publisher
from services.chassis.storage.database import Database
from services.chassis.uris import is_amqp_uri, is_mongo_uri

ROOT = Path(__file__).resolve().parents[2]
CONFIRM_SECONDS = 5.0


class NotSet(click.ClickException):
    """A setting that the command needs is nowhere, or is none."""


def local_folder() -> Path:
    return Path(os.environ.get("VINCULO_RUN_FOLDER") or ROOT / ".run").absolute()


def settle() -> bool:
    """Puts what `make run` remembers beside the environment's own settings; whether there was any of it.

    Only where neither broker nor database is given: the broker of one installation never goes with another's database.
    """
    folder = local_folder()
    if os.environ.get("AMQP_URI") or os.environ.get("MONGO_URI") or not (folder / "secrets.json").exists():
        return False
    broker, database = ports_of(folder / "broker"), ports_of(folder / "database")
    password = folder / "broker" / "password"
    known: dict[str, str] = json.loads((folder / "secrets.json").read_text())
    if "broker" in broker and password.exists():
        known["AMQP_URI"] = f"amqp://{USER}:{password.read_text()}@{LOOPBACK}:{broker['broker']}/%2F"
    if "database" in database:
        known["MONGO_URI"] = f"mongodb://{LOOPBACK}:{database['database']}/?directConnection=true"
    senders = folder / "sender-keys.json"
    if senders.exists():
        known |= keys.shared(json.loads(senders.read_text()))
    for name, value in known.items():
        os.environ.setdefault(name, value)
    return True


def ports_of(folder: Path) -> dict[str, int]:
    """The ports, by name, that `make run` remembers in a folder of its own."""
    path = folder / "ports.json"
    found: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}
    return found


def amqp_uri() -> str:
    return _setting("AMQP_URI", is_amqp_uri)


def mongo_uri() -> str:
    return _setting("MONGO_URI", is_mongo_uri)


def database_name(service: str) -> str:
    return os.environ.get("VINCULO_DATABASE_PREFIX", "vinculo_") + service


@contextmanager
def database_of(service: str) -> Iterator[Database]:
    database = Database(mongo_uri(), database_name(service))
    try:
        yield database
    finally:
        database.close()


@contextmanager
def publisher() -> Iterator[Publisher]:
    one = Publisher(amqp_uri(), CONFIRM_SECONDS, 1)
    try:
        yield one
    finally:
        one.close()


def _setting(name: str, is_right: Callable[[str], str]) -> str:
    """Raises NotSet; the text never repeats the value, which holds a password."""
    value = os.environ.get(name)
    if not value:
        raise NotSet(f"{name} is not set, and {local_folder()} holds no `make run`: set it, or start one")
    try:
        return is_right(value)
    except ValidationError as error:
        raise NotSet(f"{name}: {error.messages[0]}") from None
