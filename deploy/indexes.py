"""Makes the indexes of all services, and computes keys again that an earlier version computed otherwise:
`python -m deploy.indexes`, before a rollout. Repeating it changes nothing; ended, it goes on where it was.

Each service makes its own at its start too, and is not ready before; on large collections that is long.

`python -m deploy.indexes --drop-undeclared`, when no process of the version before runs any more and none will: drops
the indexes that no service declares any more, which each write still keeps up. On the embedded engine the services are
stopped before (docs/adr/0053).
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Mapping

from environs import Env, EnvError
from marshmallow import validate
from pymongo.errors import PyMongoError

from deploy.topology import SERVICES
from services.chassis.config import MOST_DAYS
from services.chassis.process.database_setup import indexes_of, prepare
from services.chassis.process.service import Service
from services.chassis.storage.database import Database
from services.chassis.storage.recomputed_keys import recompute
from services.chassis.uris import is_mongo_uri


def days_of(service: type[Service], env: Env) -> dict[str, int]:
    """How long the service keeps what is kept for a time, by the setting's name."""
    span = validate.Range(min=1, max=MOST_DAYS)
    return {one.setting: env.int(one.setting, one.days, validate=span) or one.days for one in service.retentions}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--drop-undeclared", action="store_true")
    work = drop if parser.parse_args().drop_undeclared else make
    env = Env()
    try:
        uri, prefix = env.str("MONGO_URI", validate=is_mongo_uri), env.str("VINCULO_DATABASE_PREFIX", "vinculo_")
        days = {service: days_of(service, env) for service in SERVICES}
    except EnvError as error:
        sys.exit(f"configuration: {error}")
    for service in SERVICES:
        database = Database(uri, f"{prefix}{service.name}")
        try:
            said = work(database, service, days[service])
        except PyMongoError as error:
            sys.exit(f"indexes of {service.name}: {type(error).__name__}")
        finally:
            database.close()
        print(f"indexes: {service.name} done{said}")


def make(database: Database, service: type[Service], days: Mapping[str, int]) -> str:
    prepare(database, service, days)
    changed = sum(recompute(database, one, dt.datetime.now(dt.UTC)) for one in service.recomputed)
    return f", keys of {changed} records computed again" if changed else ""


def drop(database: Database, service: type[Service], days: Mapping[str, int]) -> str:
    dropped = database.drop_undeclared_indexes(indexes_of(service, days))
    return f", dropped {', '.join(dropped)}" if dropped else ""


if __name__ == "__main__":
    main()
