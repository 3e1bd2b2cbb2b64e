"""Makes what a service's database needs before the service is ready: indexes, and fields that older documents lack.

Each service does it at its start. A rollout does it for all services beforehand (deploy/indexes.py), so that new
processes do not wait for large indexes.
"""

from __future__ import annotations

from collections.abc import Mapping

from services.chassis.handling import replay_protection
from services.chassis.handling.idempotency import IDEMPOTENCY_INDEX
from services.chassis.handling.subscriptions import INBOX_INDEX
from services.chassis.jobs.leased import index_of
from services.chassis.jobs.parking import PARKED_INDEX
from services.chassis.messaging.outbox import COLLECTION
from services.chassis.process.service import Service
from services.chassis.replicas import redirects
from services.chassis.storage.database import Database
from services.chassis.storage.derived_fields import fill
from services.chassis.storage.indexes import Index, SystemIndex


def indexes_of(service: type[Service], days: Mapping[str, int]) -> list[Index | SystemIndex]:
    """The indexes that the service declares, and those of the chassis' collections; `days`: by the settings of the
    service's retentions."""
    collections = [COLLECTION, *service.jobs, *([redirects.COLLECTION] if service.inventory else [])]
    chassis = [IDEMPOTENCY_INDEX, replay_protection.INDEX, INBOX_INDEX, PARKED_INDEX]
    return [*service.all_indexes(days), *chassis, *map(index_of, collections)]


def prepare(database: Database, service: type[Service], days: Mapping[str, int]) -> None:
    """May be repeated. Raises PyMongoError where the database does not answer."""
    database.ensure_indexes(indexes_of(service, days))
    for derived in service.derived:
        fill(database, derived)
