"""What a service declares: name, session, indexes, jobs. Its methods are its entrypoints (handling/entrypoints.py)."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar

from services.chassis.access.row_visibility import VisibilityRule
from services.chassis.handling.session import Session
from services.chassis.jobs import retention
from services.chassis.jobs.leased import Job
from services.chassis.jobs.retention import Retention
from services.chassis.personal_data.inventory import Holding, indexes_of
from services.chassis.replicas import redirects
from services.chassis.storage.derived_fields import Derived
from services.chassis.storage.indexes import Index, SystemIndex
from services.chassis.storage.recomputed_keys import Recomputed


class Service:
    """Base of the five services: a subclass names itself, its session and its indexes, and declares `runtime`."""

    name: ClassVar[str]
    session: ClassVar[type[Session]]
    indexes: ClassVar[Sequence[Index]]
    inventory: ClassVar[Sequence[Holding]] = ()
    visibility_rules: ClassVar[Sequence[VisibilityRule]] = ()
    # Indexes by which records expire after a fixed time.
    expiries: ClassVar[Sequence[SystemIndex]] = ()
    # Records that expire after a time that is a setting.
    retentions: ClassVar[Sequence[Retention]] = ()
    # Fields that documents of an earlier version lack.
    derived: ClassVar[Sequence[Derived]] = ()
    # Search keys that an earlier version computed differently.
    recomputed: ClassVar[Sequence[Recomputed]] = ()
    # Background jobs: by the collection of their leased work, the function that makes the job from the runtime.
    jobs: ClassVar[dict[str, Callable[[Any], Job]]] = {}
    runtime: Any

    @classmethod
    def shared(cls, runtime: Any) -> Any:
        """Makes what all sessions of the process share as `session.shared`; called once, with the runtime."""
        return None

    @classmethod
    def all_indexes(cls, days: Mapping[str, int] = MappingProxyType({})) -> list[Index | SystemIndex]:
        """What the service declares, and what its inventory, expiries and retentions need; `days` by their settings."""
        following = [redirects.INDEX, *indexes_of(cls.inventory)] if cls.inventory else []
        return [*cls.indexes, *following, *cls.expiries, *retention.indexes(cls.retentions, days)]


def service_at(path: str) -> type[Service]:
    """The class at "module:Class"."""
    module, _, name = path.partition(":")
    found: type[Service] = getattr(importlib.import_module(module), name)
    return found
