"""A replica of the company's time zone, for services that calculate with days."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from services.chassis.storage.cached_rows import CachedRows
from services.chassis.storage.tenant import Tenant, TenantCollection

COLLECTION = "companies"
# The zone of Brasília, while the company's is not replicated yet.
DEFAULT = ZoneInfo("America/Sao_Paulo")


class CompanyZone:
    """The zone of one company. Older events are ignored by sequence. Other processes use a new zone some seconds later
    (storage/cached_rows.py)."""

    def __init__(self, documents: TenantCollection, cached: CachedRows, company: str) -> None:
        self._documents = documents
        self._cached = cached
        self._company = company
        self._found: ZoneInfo | None = None

    def get(self) -> ZoneInfo:
        if self._found is None:
            known = self._cached.find_one({"_id": self._company})
            self._found = ZoneInfo(known["time_zone"]) if known else DEFAULT
        return self._found

    def today(self, now: dt.datetime) -> dt.date:
        """The company's day at this moment."""
        return now.astimezone(self.get()).date()

    def put(self, sequence: int, time_zone: str) -> None:
        """For a subscriber with `once=False`."""
        self._documents.put_newer({"_id": self._company, "sequence": sequence, "time_zone": time_zone}, by="sequence")
        self._cached.forget(self._company)


def zone_of(tenant: Tenant) -> CompanyZone:
    return CompanyZone(tenant.collection(COLLECTION), tenant.cached(COLLECTION), tenant.company)
