"""The persons of the company that a session works for: a thin copy, kept by a service that names persons in its
records. It follows redirections: one that was merged is found under its own id and under the survivor's.
"""

from __future__ import annotations

from services.chassis.replicas.redirects import Redirects
from services.chassis.replicas.replica import Replicas
from services.chassis.storage.tenant import Tenant

COLLECTION = "persons"


def persons_of(tenant: Tenant, redirects: Redirects) -> Replicas:
    return Replicas(tenant.collection(COLLECTION), "person", "Pessoa não encontrada.", redirects)
