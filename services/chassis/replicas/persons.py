"""Replicas of the company's persons, for services whose records name persons. They follow redirections: a merged person
is found by its own id and by the survivor's.
"""

from __future__ import annotations

from services.chassis.replicas.redirects import Redirects
from services.chassis.replicas.replica import Replicas
from services.chassis.storage.tenant import Tenant

COLLECTION = "persons"


def persons_of(tenant: Tenant, redirects: Redirects) -> Replicas:
    return Replicas(tenant.collection(COLLECTION), "person", "Pessoa não encontrada.", redirects)
