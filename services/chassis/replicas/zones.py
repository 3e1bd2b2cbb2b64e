"""The time zone of the company that a session works for: a thin copy, kept by a service that reckons in days."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from services.chassis.storage.cached_rows import CachedRows
from services.chassis.storage.tenant import Tenant, TenantCollection

COLLECTION = "companies"
# Until the copy has come, the zone of Brasília.
DEFAULT = ZoneInfo("America/Sao_Paulo")


class CompanyZone:
    """Of one company; older announcements are ignored by sequence. A new zone counts everywhere some seconds later
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
        """For a handler subscribed with `once=False`."""
        self._documents.put_newer({"_id": self._company, "sequence": sequence, "time_zone": time_zone}, by="sequence")
        self._cached.forget(self._company)


def zone_of(tenant: Tenant) -> CompanyZone:
    return CompanyZone(tenant.collection(COLLECTION), tenant.cached(COLLECTION), tenant.company)
