"""The company's markers, set up (row S7)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import command
from services.sales.markers import contract
from services.sales.markers.model import Markers
from services.sales.session import SalesSession

Data = dict[str, Any]


@command(takes=contract.AddMarker, gives=contract.SavedMarker, needs="sales.configure", section=CONFIGURATION)
def add_marker(tx: SalesSession, data: Data) -> Data:
    """Raises Conflict("marker_exists"), Conflict("markers_full")."""
    markers = tx.configuration.markers()
    marker = markers.add(tx.new_id(), **data)
    tx.configuration.save(markers)
    return {**vars(marker), "version": markers.version}


@command(takes=contract.ChangeMarker, gives=contract.SavedMarker, needs="sales.configure", section=CONFIGURATION)
def change_marker(tx: SalesSession, data: Data) -> Data:
    """Raises NotFound("marker_not_found"), Conflict("marker_exists")."""
    markers = tx.configuration.markers()
    marker = markers.change(**data)
    tx.configuration.save(markers)
    return {**vars(marker), "version": markers.version}


@command(takes=contract.DeleteMarker, gives=contract.MarkerList, needs="sales.configure", section=CONFIGURATION)
def delete_marker(tx: SalesSession, data: Data) -> Markers:
    """Deletes the marker, which no opportunity shows any more; raises NotFound("marker_not_found")."""
    markers = tx.configuration.markers()
    markers.remove(**data)
    tx.configuration.save(markers)
    return markers
