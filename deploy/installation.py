"""The secrets of a new installation: `python -m deploy.installation > secrets.json`, which `kubectl create` takes.

Prints one Secret for each process, with what is its own only, and the users of the broker with their rights. With
`--folder` the same as files, for compose. Every key and password is new: printing again does not repeat them, so keep
what is printed where secrets are kept. Nothing is sent anywhere.
"""

from __future__ import annotations

import argparse
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy import broker_rights, keys
from deploy.broker_rights import MONITOR, OPERATOR
from deploy.local.processes import private_folder, write_private
from services.catalogue import SERVICES
from services.chassis.access.keyring import GATEWAY

PROCESSES = (GATEWAY, *SERVICES, OPERATOR)
BROKER = "broker"
DATABASE = "database"


@dataclass(frozen=True)
class Addresses:
    """URIs; `{user}` and `{password}` stand for those of the process."""

    amqp: str
    mongo: str
    smtp: str
    management: str


def secrets_of(addresses: Addresses) -> dict[str, dict[str, str]]:
    """By the process; and of the broker, the database's users and who counts the broker's messages."""
    broker = {name: secrets.token_hex(20) for name in broker_rights.all_rights()}
    database = {name: secrets.token_hex(20) for name in (*SERVICES, OPERATOR)}
    seeds = keys.new_seeds()
    found: dict[str, dict[str, str]] = {}
    for name in PROCESSES:
        found[name] = {"AMQP_URI": _filled(addresses.amqp, name, broker)}
        if name in database:
            found[name]["MONGO_URI"] = _filled(addresses.mongo, name, database)
        if name in seeds:
            found[name] |= {**keys.own(seeds, name), **keys.shared(seeds)}
    found[GATEWAY]["VINCULO_JWT_KEY"] = secrets.token_urlsafe(48)
    for name in ("sales", "notifications"):
        found[name]["VINCULO_SECRET_KEYS"] = secrets.token_urlsafe(48)
    found["notifications"]["VINCULO_SMTP_URL"] = addresses.smtp
    found[MONITOR] = {"host": _filled(addresses.management, MONITOR, broker)}
    found[BROKER] = {"definitions.json": json.dumps(broker_rights.definitions(broker), indent=1)}
    found[DATABASE] = database
    return found


def _filled(uri: str, user: str, passwords: Mapping[str, str]) -> str:
    return uri.replace("{user}", user).replace("{password}", passwords[user])


def as_kubernetes(found: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    items = [
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": f"vinculo-{name}", "labels": {"app.kubernetes.io/part-of": "vinculo"}},
            "stringData": dict(said),
        }
        for name, said in found.items()
    ]
    return {"apiVersion": "v1", "kind": "List", "items": items}


def write_files(found: Mapping[str, Mapping[str, str]], folder: Path) -> None:
    """`<process>.env` for each; `definitions.json` for the broker. Files that are there are kept."""
    private_folder(folder)
    texts = {f"{name}.env": "".join(f"{key}={value}\n" for key, value in found[name].items()) for name in PROCESSES}
    texts["definitions.json"] = found[BROKER]["definitions.json"]
    if there := [name for name in texts if (folder / name).exists()]:
        raise SystemExit(f"{folder / there[0]} is there already: an installation has its secrets once")
    for name, text in texts.items():
        write_private(folder / name, text)
    # read by the broker's own user, in its container; it holds hashes, and lies in a folder that is closed to others
    (folder / "definitions.json").chmod(0o644)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m deploy.installation", description=__doc__)
    parser.add_argument("--amqp", default="amqp://{user}:{password}@rabbitmq:5672/%2F")
    parser.add_argument("--mongo", default="mongodb://database:27017/?directConnection=true")
    parser.add_argument("--smtp", default="smtp://mailbox:1025")
    parser.add_argument("--management", default="http://{user}:{password}@rabbitmq.{namespace}.svc:15672/%2F")
    parser.add_argument("--namespace", default="vinculo", help="where the broker is: KEDA asks it from another one")
    parser.add_argument("--folder", type=Path, help="writes files there instead")
    options = vars(parser.parse_args())
    folder, namespace = options.pop("folder"), options.pop("namespace")
    options["management"] = options["management"].replace("{namespace}", namespace)
    found = secrets_of(Addresses(**options))
    if folder:
        write_files(found, folder)
    else:
        print(json.dumps(as_kubernetes(found), indent=1))


if __name__ == "__main__":
    main()
