"""The stages of the pipeline, read (row S5)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import query
from services.sales.pipeline import contract
from services.sales.pipeline.model import Pipeline
from services.sales.session import SalesSession

Data = dict[str, Any]


@query(takes=contract.ListStages, gives=contract.StageList, needs="sales.read", section=CONFIGURATION)
def list_stages(session: SalesSession, data: Data) -> Pipeline:
    return session.configuration.pipeline()
