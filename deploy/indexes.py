"""Makes the indexes of all services, and computes keys again that an earlier version computed otherwise:
`python -m deploy.indexes`, before a rollout. Repeating it changes nothing; ended, it goes on where it was.

Each service makes its own at its start too, and is not ready before; on large collections that is long.
"""

from __future__ import annotations

import datetime as dt
import sys

from environs import Env, EnvError
from marshmallow import validate
from pymongo.errors import PyMongoError

from deploy.topology import SERVICES
from services.chassis.config import MOST_DAYS
from services.chassis.process.preparing import prepare
from services.chassis.process.service import Service
from services.chassis.storage.database import Database
from services.chassis.storage.recomputed import recompute


def days_of(service: type[Service], env: Env) -> dict[str, int]:
    """How long the service keeps what is kept for a time, by the setting's name."""
    span = validate.Range(min=1, max=MOST_DAYS)
    return {one.setting: env.int(one.setting, one.days, validate=span) or one.days for one in service.retentions}


def main() -> None:
    env = Env()
    try:
        uri, prefix = env.str("MONGO_URI"), env.str("VINCULO_DATABASE_PREFIX", "vinculo_")
        days = {service: days_of(service, env) for service in SERVICES}
    except EnvError as error:
        sys.exit(f"configuration: {error}")
    for service in SERVICES:
        database = Database(uri, f"{prefix}{service.name}")
        try:
            prepare(database, service, days[service])
            changed = sum(recompute(database, one, dt.datetime.now(dt.UTC)) for one in service.recomputed)
        except PyMongoError as error:
            sys.exit(f"indexes of {service.name}: {type(error).__name__}")
        finally:
            database.close()
        print(f"indexes: {service.name} done" + (f", keys of {changed} records computed again" if changed else ""))


if __name__ == "__main__":
    main()
