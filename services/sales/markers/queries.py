"""The company's markers, read (row S7)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import query
from services.sales.markers import contract
from services.sales.markers.model import Markers
from services.sales.session import SalesSession

Data = dict[str, Any]


@query(takes=contract.ListMarkers, gives=contract.MarkerList, needs="sales.read", section=CONFIGURATION)
def list_markers(session: SalesSession, data: Data) -> Markers:
    return session.configuration.markers()
